"""Stands in for the program: reads what it is fed, and fails in the way that its first argument names."""

import os
import signal
import sys

import pyarrow as pa

how = sys.argv[1]
source, sink = sys.stdin.buffer, sys.stdout.buffer

if how == "closes at once":
    sys.exit(0)
if how == "says why":
    print("error: the word of the program\nhint: what to do", file=sys.stderr)
    sys.exit(1)
if how == "writes before it reads":
    # more than a pipe holds: who waits for its input to be taken first waits for ever
    with pa.BufferOutputStream() as buffer:
        batch = pa.record_batch({"id": ["x" * 1000] * 5000})
        with pa.ipc.new_stream(buffer, batch.schema) as out:
            out.write_batch(batch)
        sink.write(buffer.getvalue())
    sink.flush()
    rows = sum(batch.num_rows for batch in pa.ipc.open_stream(source))
    print(f'{{"rows_in": {rows}, "rows_out": 5000}}', file=sys.stderr)
    sys.exit(0)

stream = pa.ipc.open_stream(source)
if how == "is killed":
    stream.read_next_batch()
    os.kill(os.getpid(), signal.SIGKILL)
if how == "closes its input":
    stream.read_next_batch()
    os.close(0)
    print("error: enough", file=sys.stderr)
    sys.exit(1)
rows = list(stream)
count = sum(batch.num_rows for batch in rows)
with pa.ipc.new_stream(sink, stream.schema) as out:
    for batch in rows[1:] if how == "writes too little" else rows:
        out.write_batch(batch)
    if how == "stops in the middle":
        sink.flush()
        print(f'{{"rows_in": {count}, "rows_out": {count}}}', file=sys.stderr, flush=True)
        os._exit(0)
if how == "says nothing":
    sys.exit(0)
if how == "ends badly":
    print("error: no memory left", file=sys.stderr)
    sys.exit(1)
read = count - 1 if how == "counts wrongly" else count
print(f'{{"rows_in": {read}, "rows_out": {count}}}', file=sys.stderr)
