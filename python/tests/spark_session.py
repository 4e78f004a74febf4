"""Sessions of Spark on this machine alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

MEGABYTES = 1 << 20


def environment() -> dict[str, str]:
    """What Spark is started with: workers would take another Python, and the address of the machine."""
    return {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}


def session(master: str, **settings: str) -> Any:
    """A session that opens nothing but the loopback; the one before ends."""
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        active.stop()
    os.environ.update(environment())
    builder = SparkSession.builder.master(master)
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.executor.memory": "512m",
        "spark.sql.shuffle.partitions": "4",
        # a part per file, however small
        "spark.sql.files.openCostInBytes": str(128 * MEGABYTES),
        **settings,
    }.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    return made


def table(spark: Any, path: Path, parts: int) -> Any:
    """A CSV file as a table in so many parts."""
    return spark.read.parquet(str(in_parts(path, parts)))


def in_parts(path: Path, parts: int) -> Path:
    """A CSV file as a folder of so many files of Parquet; a blank is null."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    folder = path.with_suffix(f".{parts}")
    if not folder.exists():
        with open(path, encoding="utf-8") as file:
            header = file.readline().strip().split(",")
        types = {column: pa.string() for column in header}
        convert = pa.csv.ConvertOptions(column_types=types, strings_can_be_null=True)
        parse = pa.csv.ParseOptions(newlines_in_values=True)
        rows = pa.csv.read_csv(path, parse_options=parse, convert_options=convert)
        folder.mkdir()
        size = -(-rows.num_rows // parts)
        for at in range(parts):
            pa.parquet.write_table(rows.slice(at * size, size), folder / f"part-{at:05}.parquet")
    return folder


def processes_below(pid: int) -> list[tuple[int, str]]:
    """All processes that a process has started, and what they started: number and command line."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        below.setdefault(parent, []).append(int(entry.name))
    found, open_ = [], [pid]
    while open_:
        for child in below.get(open_.pop(), []):
            try:
                line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            found.append((child, line))
            open_.append(child)
    return found
