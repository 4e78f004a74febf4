"""Sessions of Spark on this machine alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from conftest import in_parts

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
