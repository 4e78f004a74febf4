"""The same run where accounts and contacts are tables of Spark.

    >>> from crm_reconcile import spark as reconcile
    >>> run = reconcile.match(
    ...     spark,
    ...     reports="/lakehouse/default/Files/reports",
    ...     accounts=spark.table("crm.account"),
    ...     contacts=spark.table("crm.contact"),
    ...     out="/lakehouse/default/Files/result",
    ...     own_domain="contoso.com",
    ... )

Spark hands each part of a table to `reconcile sift`, a process of its own next to the Python worker.
The rows that can matter come back to the driver, where an ordinary `reconcile match` over them gives
the answer of the whole. All matching is in the program. Needs pyarrow on driver and executors.
"""

from __future__ import annotations

import glob
import io
import json
import os
import shutil
import subprocess
import tempfile
import threading
import uuid
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, Optional, Sequence

from ._program import (
    PathLike,
    Paths,
    ReconcileError,
    Run,
    error_of,
    find_binary,
    finished,
    flags,
    run,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SparkRun", "match"]

SCHEMA = "rows binary, counts string, known binary"
"""What a task gives: pieces of the program's output, and in the last row what it said of its part."""

PIECE = 4 << 20
SAMPLE_ROWS = 4096

# Settings that no task has: files, which are sent under other names, and what only a whole run does.
OF_THE_DRIVER = (
    *("reports", "report", "crm", "accounts", "contacts", "suppress", "deals", "rules", "verdicts", "previous"),
    *("out", "settings", "threads", "dry_run", "strict", "quiet", "json", "log_level"),
)

# Settings that the passes make: those in a settings file are of another run.
OF_THE_PASSES = ("accounts", "contacts", "counts", "known_accounts", "contact_domains", "sample")


class TaskError(ReconcileError):
    """The program failed in a task, or what came out of it is not whole."""


@dataclass(frozen=True)
class SparkRun(Run):
    """A finished run, with its tables as DataFrames by name where they were asked for."""

    frames: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One pass over the parts of a table. It is sent to every executor."""

    what: str
    arguments: Sequence[str]
    files: Mapping[str, tuple[bytes, float]] = field(default_factory=dict)
    """The files that the program reads, by name: content and time of last change."""
    shared: Optional[str] = None
    """A folder that all executors see and that holds these files already."""
    command: Optional[Sequence[str]] = None
    """Another program, for tests."""

    def __call__(self, batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        """Sifts a part; `mapInArrow` calls it."""
        first = next(iter(batches), None)
        if first is None:
            return
        part = f"{self.what}, part {_partition()}"
        with tempfile.TemporaryDirectory(prefix="crm-reconcile-") as own:
            folder = self.shared or own
            for name, (content, changed) in self.files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                os.utime(path, (changed, changed))
            known = Path(own, "known-to")
            command = [*(self.command or [str(find_binary())]), "sift", self.what, f"--part={part}"]
            command += ["--input-format=arrow-stream", *self.arguments]
            if self.what == "accounts":
                command.append(f"--known-to={known}")
            output, counts = _fed(command, folder, part, first, batches)
            yield from _pieces(output, counts, known)


def _partition() -> int:
    try:
        from pyspark import TaskContext
    except ImportError:
        return 0
    context = TaskContext.get()
    return context.partitionId() if context is not None else 0


def _pieces(output: bytes, counts: str, known: Path) -> Iterator["pa.RecordBatch"]:
    import pyarrow as pa

    names, types = ["rows", "counts", "known"], [pa.binary(), pa.string(), pa.binary()]

    def row(*cells: Any) -> "pa.RecordBatch":
        columns = [pa.array([cell], of) for cell, of in zip(cells, types)]
        return pa.RecordBatch.from_arrays(columns, names=names)

    for at in range(0, len(output), PIECE):
        yield row(output[at : at + PIECE], None, None)
    yield row(None, counts, known.read_bytes() if known.exists() else None)


def _fed(
    command: Sequence[str],
    folder: str,
    part: str,
    first: "pa.RecordBatch",
    batches: Iterator["pa.RecordBatch"],
) -> tuple[bytes, str]:
    """Runs the program over a part: what it wrote, and its counts. Whatever is not whole is an error."""
    with tempfile.TemporaryFile() as words:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, cwd=folder, env=_environment()
        )
        feeder = _Feeder(child, first, batches)
        try:
            assert child.stdout is not None
            feeder.start()
            output = child.stdout.read()
            status = child.wait()
            feeder.join()
        finally:
            # also where the task is cancelled: nothing of it stays behind
            if child.poll() is None:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    _close(pipe)
        words.seek(0)
        said = words.read().decode("utf-8", "replace").splitlines()
    if feeder.fault is not None:
        raise feeder.fault
    if status != 0:
        error = error_of(said, status)
        raise TaskError(f"{part}: {error.message}", error.hint, status)
    return output, _checked(said, part, feeder, output)


def _environment() -> dict[str, str]:
    """The environment of a task's program: its settings are those that the driver sent, and no others."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RECONCILE_")}


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        pass


def _checked(said: Sequence[str], part: str, feeder: "_Feeder", output: bytes) -> str:
    """The counts of a part that ended well, which must fit what went in and came out."""
    try:
        counts = json.loads(said[-1])
        rows_in, rows_out = counts["rows_in"], counts["rows_out"]
    except (IndexError, ValueError, KeyError, TypeError):
        raise TaskError(f"{part}: the program said nothing of its rows") from None
    if not feeder.done or rows_in != feeder.rows:
        raise TaskError(f"{part}: of {feeder.rows} rows the program has read {rows_in}")
    came = _rows(output)
    if came != rows_out:
        raise TaskError(f"{part}: {came} of {rows_out} rows came out of the program")
    return str(said[-1])


def _rows(output: bytes) -> int:
    """The rows of an output: of an Arrow stream, or lines of hashes."""
    import pyarrow as pa

    if not output.startswith(b"\xff\xff\xff\xff"):
        return output.count(b"\n")
    if not output.endswith(b"\xff\xff\xff\xff\x00\x00\x00\x00"):
        raise TaskError("the output of the program is cut off")
    return sum(batch.num_rows for batch in pa.ipc.open_stream(pa.py_buffer(output)))


class _Feeder(threading.Thread):
    """Writes a part to the program while its output is read: one pipe never waits for the other."""

    def __init__(
        self, child: "subprocess.Popen[bytes]", first: "pa.RecordBatch", batches: Iterator["pa.RecordBatch"]
    ) -> None:
        super().__init__(daemon=True)
        self.child, self.first, self.batches = child, first, batches
        self.rows = 0
        self.done = False
        self.fault: Optional[BaseException] = None

    def run(self) -> None:
        try:
            self._write()
        except OSError:
            # the program has ended before its input: its status and its words say why
            pass
        except BaseException as fault:  # noqa: BLE001 - for the thread of the task
            self._give_up(fault)
        finally:
            _close(self.child.stdin)

    def _write(self) -> None:
        import pyarrow as pa

        assert self.child.stdin is not None
        with pa.ipc.new_stream(self.child.stdin, self.first.schema) as out:
            batch: Optional[pa.RecordBatch] = self.first
            while batch is not None:
                out.write_batch(batch)
                self.rows += batch.num_rows
                batch = self._next()
        self.child.stdin.close()
        self.done = self.fault is None

    def _next(self) -> Optional["pa.RecordBatch"]:
        """The next rows of Spark. What Spark raises is no fault of the program, of whatever type."""
        try:
            return next(self.batches, None)
        except BaseException as fault:  # noqa: BLE001 - for the thread of the task
            self._give_up(fault)
            return None

    def _give_up(self, fault: BaseException) -> None:
        self.fault = fault
        self.child.kill()


@dataclass
class _Sifted:
    """What came through a pass."""

    rows: list[bytes] = field(default_factory=list)
    """Per part, the output of the program."""
    counts: list[str] = field(default_factory=list)
    known: int = 0

    def total(self) -> int:
        return sum(json.loads(of)["rows_out"] for of in self.counts)


class _Run:
    """A run: the driver's folder, and the files that tasks need."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        work: Path,
        shared: Optional[str],
        heard: Callable[[str], None],
    ) -> None:
        self.work, self.shared, self.heard = work, shared, heard
        self.files: dict[str, tuple[bytes, float]] = {}
        of_tasks = {name: value for name, value in settings.items() if name not in OF_THE_DRIVER}
        self.arguments: list[str] = flags(of_tasks)
        self._ship_reports(settings.get("reports"), settings.get("report"))
        if settings.get("rules") is not None:
            self._ship(Path(settings["rules"]), "rules")
            self.arguments.append("--rules=rules")
        verdicts = Path(settings.get("verdicts") or f"{Path(settings['out'])}.verdicts.csv")
        if verdicts.is_file():
            self._ship(verdicts, "verdicts.csv")
            self.arguments.append("--verdicts=verdicts.csv")

    def _ship_reports(self, reports: Optional[Paths], report: Any) -> None:
        for at, path in enumerate(_found(reports)):
            name = f"reports/{at}/{path.name}"
            self._ship(path, name)
            self.arguments.append(f"--reports={name}")
        for at, of_kind in enumerate(_listed(report)):
            kind, named = str(of_kind).split("=", 1)
            name = f"report/{at}/{Path(named).name}"
            self._ship(Path(named), name)
            self.arguments.append(f"--report={kind}={name}")

    def _ship(self, path: Path, name: str) -> None:
        if path.is_dir():
            for below in sorted(path.iterdir()):
                if not below.name.startswith("."):
                    self._ship(below, f"{name}/{below.name}")
        elif path.is_file():
            self.files[name] = (path.read_bytes(), path.stat().st_mtime)
        else:
            raise ReconcileError(f"{path}: no such file or folder", "check the spelling of the path")

    def keep(self, name: str, content: bytes) -> Path:
        """Writes a file for the driver."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def task(self, what: str, more: Sequence[str], files: Mapping[str, bytes]) -> Task:
        shipped = {**self.files, **{name: (content, 0.0) for name, content in files.items()}}
        arguments = [*self.arguments, *more]
        if self.shared is None:
            return Task(what, arguments, shipped)
        for name, (content, changed) in shipped.items():
            path = Path(self.shared, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (changed, changed))
        return Task(what, arguments, {}, self.shared)

    def sift(self, frame: Any, what: str, more: Sequence[str] = (), files: Mapping[str, bytes] = {}) -> _Sifted:
        """One pass over a table."""
        sifted, pieces = _Sifted(), []
        for row in frame.mapInArrow(self.task(what, more, files), SCHEMA).collect():
            if row["rows"] is not None:
                pieces.append(bytes(row["rows"]))
                continue
            sifted.rows.append(b"".join(pieces))
            sifted.counts.append(row["counts"])
            pieces = []
            if row["known"] is not None:
                sifted.known |= int.from_bytes(zlib.decompress(row["known"]), "little")
        self.heard(f"{what}: {sifted.total()} rows came through of {sifted_in(sifted)}")
        return sifted

    def sample(self, frame: Any, name: str) -> bytes:
        """The first rows of a table, by which all parts understand its columns."""
        rows = frame.limit(SAMPLE_ROWS).mapInArrow(_as_stream, "rows binary").collect()
        if not rows:
            raise ReconcileError(f"the table of {name} has no rows", "give the table of the CRM")
        return bytes(rows[0]["rows"])


def sifted_in(sifted: _Sifted) -> int:
    """Rows read in a pass."""
    return sum(json.loads(of)["rows_in"] for of in sifted.counts)


def _found(paths: Any) -> list[Path]:
    """Paths, of which those that are patterns stand for the files that fit."""
    found: list[Path] = []
    for path in _listed(paths):
        fitting = [] if Path(path).exists() else sorted(glob.glob(os.fspath(path), recursive=True))
        found.extend(map(Path, fitting or [path]))
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [value] if isinstance(value, (str, os.PathLike)) else list(value)


def _as_stream(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    import pyarrow as pa

    sink, out = io.BytesIO(), None
    for batch in batches:
        if out is None:
            out = pa.ipc.new_stream(sink, batch.schema)
        out.write_batch(batch)
    if out is not None:
        out.close()
        yield pa.RecordBatch.from_arrays([pa.array([sink.getvalue()], pa.binary())], names=["rows"])


def match(
    spark: Any,
    *,
    reports: Optional[Paths] = None,
    accounts: Any,
    contacts: Any = None,
    out: PathLike,
    frames: bool = False,
    shared: Optional[str] = None,
    keep: Optional[PathLike] = None,
    progress: Optional[Callable[[str], None]] = None,
    **settings: Any,
) -> SparkRun:
    """Runs `reconcile match` over accounts and contacts that are DataFrames.

    The results are those of a run on one machine over the same rows, in the folder `out` of the driver.
    `reports`, and the paths in `settings` (the flags of `reconcile match`, with `_` for `-`), are files
    of the driver: they are sent to the executors, or with `shared`, a folder that driver and
    executors see, written there once and deleted in the end. `frames=True` gives the results also as DataFrames, in `frames`.
    `keep` names a new folder for the rows that came through; without it they are deleted in the end.
    """
    heard = progress or (lambda _: None)
    work = Path(keep) if keep is not None else Path(tempfile.mkdtemp(prefix="crm-reconcile-"))
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    if keep is not None and any(work.iterdir()):
        raise ReconcileError(f"{work}: not empty: rows of another run there would count", "give `keep` a new folder")
    if shared is not None:
        # a folder of this run alone: what another has left, or writes meanwhile, is none of it
        shared = os.fspath(Path(shared, f"crm-reconcile-{uuid.uuid4().hex}"))
    try:
        chosen = _in_force({"reports": reports, "out": out, **settings})
        past = run(["sift", "past", *flags(chosen)])
        sifting = _Run(chosen, work, shared, heard)
        prepared = _sift(sifting, past.encode(), accounts, contacts)
        printed = run(["match", "--json", *flags({**chosen, **prepared})], progress)
        done = finished(chosen["out"], json.loads(printed))
        return SparkRun(done.out, done.summary, done.files, _frames(spark, done) if frames else {})
    finally:
        if keep is None:
            shutil.rmtree(work, ignore_errors=True)
        if shared is not None:
            shutil.rmtree(shared, ignore_errors=True)


def _in_force(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, with those of the environment and of a settings file: tasks have neither."""
    said = json.loads(run(["sift", "settings", *flags(settings)]))
    said = {name.replace("-", "_"): value for name, value in said.items()}
    chosen = {**settings, **said}
    return {name: value for name, value in chosen.items() if name not in ("settings", *OF_THE_PASSES)}


def _sift(sifting: _Run, past: bytes, accounts: Any, contacts: Any) -> dict[str, Any]:
    """All passes; the flags of the run over what came through."""
    samples = {"accounts.sample": sifting.sample(accounts, "accounts")}
    if contacts is not None:
        samples["contacts.sample"] = sifting.sample(contacts, "contacts")
    files = dict(samples)
    more = [f"--sample={name}" for name in samples]
    flags_of_run: dict[str, Any] = {}
    if contacts is not None:
        files["domains"] = _contact_domains(sifting, contacts, more, files)
        flags_of_run["contact_domains"] = sifting.keep("domains", files["domains"])
        more.append("--contact-domains=domains")
    files["past"] = past
    more.append("--past=past")
    found = sifting.sift(accounts, "accounts", more, files)
    through, again = _sifted_again(sifting, found, more, files)
    counts = [*found.counts, again]
    flags_of_run["accounts"] = through
    # what was written of a filter: its words, deflated
    known = zlib.compress(found.known.to_bytes(16 << 20, "little"), 1)
    flags_of_run["known_accounts"] = sifting.keep("known", known)
    if contacts is not None:
        files = {**samples, "past": past, "known": known, "accounts/through.arrows": through.read_bytes()}
        more = [*[f"--sample={name}" for name in samples], "--accounts=accounts/through.arrows"]
        people = sifting.sift(contacts, "contacts", more, files)
        folder = _kept(sifting, "contacts", people, samples["contacts.sample"])
        files.update({f"contacts/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())})
        more += ["--contacts=contacts", "--known-accounts=known", "--past=past"]
        others = sifting.sift(contacts, "denials", more, files)
        if others.total():
            # what another row of such a record denies, or one merged into it, holds for its addresses too
            files.update({f"contacts/others-{at:05}.arrows": rows for at, rows in enumerate(_filled(others))})
            others = sifting.sift(contacts, "denials", more, files)
        flags_of_run["contacts"] = [folder, _kept(sifting, "denials", others, samples["contacts.sample"])]
        counts += others.counts
    flags_of_run["counts"] = sifting.keep("counts", "\n".join(counts).encode())
    flags_of_run["sample"] = [sifting.keep(name, of) for name, of in samples.items()]
    return flags_of_run


def _contact_domains(sifting: _Run, contacts: Any, more: Sequence[str], files: Mapping[str, bytes]) -> bytes:
    """The domains that accounts hold through their contacts."""
    on_report = b"".join(sifting.sift(contacts, "addresses", more, files).rows)
    addresses = on_report
    if on_report:
        again = {**files, "addresses": on_report}
        addresses += b"".join(sifting.sift(contacts, "addresses", [*more, "--addresses=addresses"], again).rows)
    return _piped(["sift", "domains"], addresses, sifting.work)[0]


def _sifted_again(
    sifting: _Run, found: _Sifted, more: Sequence[str], files: Mapping[str, bytes]
) -> tuple[Path, str]:
    """What came through of all parts, sifted as one part: then it grows no more with their number."""
    import pyarrow as pa

    for name, content in files.items():
        sifting.keep(f"again/{name}", content)
    for name, (content, changed) in sifting.files.items():
        os.utime(sifting.keep(f"again/{name}", content), (changed, changed))
    sink, out = io.BytesIO(), None
    for part in found.rows:
        with pa.ipc.open_stream(pa.py_buffer(part)) as stream:
            if out is None:
                out = pa.ipc.new_stream(sink, stream.schema)
            for batch in stream:
                out.write_batch(batch)
    assert out is not None, "there is at least one row of accounts, so at least one part"
    out.close()
    command = ["sift", "accounts", "--part=accounts, all parts", "--input-format=arrow-stream"]
    command += [*sifting.arguments, *more]
    rows, counts = _piped(command, sink.getvalue(), sifting.work / "again")
    return sifting.keep("accounts/through.arrows", rows), counts


def _piped(arguments: Sequence[str], text: bytes, folder: Path) -> tuple[bytes, str]:
    """Runs the program on the driver: what it wrote, and its counts."""
    child = subprocess.run([str(find_binary()), *arguments], input=text, capture_output=True, cwd=folder)
    said = child.stderr.decode("utf-8", "replace").splitlines()
    if child.returncode != 0:
        raise error_of(said, child.returncode)
    return child.stdout, said[-1]


def _filled(sifted: _Sifted) -> list[bytes]:
    """What came through of the parts of which something did."""
    return [rows for rows, counts in zip(sifted.rows, sifted.counts) if json.loads(counts)["rows_out"]]


def _kept(sifting: _Run, name: str, sifted: _Sifted, sample: bytes) -> Path:
    """The rows that came through, a file per part that has some; at least one, for the columns."""
    import pyarrow as pa

    filled = _filled(sifted)
    if not filled:
        sink = io.BytesIO()
        with pa.ipc.open_stream(pa.py_buffer(sample)) as stream:
            pa.ipc.new_stream(sink, stream.schema).close()
        filled = [sink.getvalue()]
    for at, rows in enumerate(filled):
        sifting.keep(f"{name}/part-{at:05}.arrows", rows)
    return sifting.work / name


def _frames(spark: Any, done: Run) -> dict[str, Any]:
    """The tables of a run as DataFrames, by name; all columns are text."""
    import csv

    found = {}
    for name, path in done.files.items():
        if not name.endswith(".csv") or "/" in name:
            continue
        with open(path, encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        schema = ", ".join(f"`{column.replace('`', '``')}` string" for column in header)
        found[name[: -len(".csv")]] = spark.createDataFrame(rows, schema)
    return found
