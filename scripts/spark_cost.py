#!/usr/bin/env python3
"""What a run over Spark costs more than one on this machine: CPU seconds of all processes.

    scripts/spark_cost.py                                  2,000,000 accounts, local[2]
    scripts/spark_cost.py --accounts 500000 --parts 8 32 128

Prints, per million accounts: the run on one machine, a `mapInArrow` that does nothing, and the run over
Spark, warm, in one session; and how the rows that came through grow with the number of parts. Needs the
package, PySpark, pyarrow and Java, on Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python" / "tests"))

from conftest import World, in_parts  # noqa: E402
from spark_session import processes_below, session, table  # noqa: E402

import crm_reconcile  # noqa: E402
from crm_reconcile import spark as reconcile  # noqa: E402

PARTS = 16
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of_all() -> float:
    """CPU seconds of this process and of all below it, those that have ended too."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    for pid, _ in processes_below(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        # of itself and of its children that have ended
        total += sum(int(of) for of in fields[11:15]) / TICKS
    return total


def cost(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall seconds of some work."""
    cpu, wall = cpu_of_all(), time.monotonic()
    work()
    return cpu_of_all() - cpu, time.monotonic() - wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=2_000_000)
    parser.add_argument("--parts", type=int, nargs="+", default=[8, 32, 128])
    parser.add_argument("--rounds", type=int, default=2, help="warm runs, of which the cheapest counts")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments)


def measure(folder: Path, arguments: argparse.Namespace) -> None:
    world = World(folder, arguments.accounts, contacts=0)
    millions = arguments.accounts / 1e6
    spark = session("local[2]", **{"spark.driver.memory": "3g"})
    files, reports = in_parts(world.accounts, PARTS), world.report.parent
    accounts = spark.read.parquet(str(files))

    def one(number: int) -> None:
        crm_reconcile.match(reports=reports, accounts=files, out=folder / f"one{number}", threads=2)

    def nothing(_: int) -> None:
        accounts.mapInArrow(lambda batches: batches, accounts.schema).write.format("noop").mode("overwrite").save()

    def over_spark(number: int) -> None:
        reconcile.match(spark, reports=reports, accounts=accounts, out=folder / f"spark{number}", threads=2)

    customers = arguments.accounts // 50
    print(f"{arguments.accounts:,} accounts in {PARTS} parts, {customers:,} customers; seconds per million accounts")
    print(f"{'':28} {'CPU':>6} {'wall':>6}")
    for name, work in [("one machine", one), ("mapInArrow of nothing", nothing), ("over Spark", over_spark)]:
        # the first is cold
        work(-1)
        cpu, wall = min(cost(lambda: work(number)) for number in range(arguments.rounds))
        print(f"{name:28} {cpu / millions:6.2f} {wall / millions:6.2f}", flush=True)

    print("\nparts    rows that came through    after the driver's own pass    MB to the driver     CPU")
    for parts in arguments.parts:
        said: list[str] = []
        keep = folder / f"kept{parts}"
        accounts = table(spark, world.accounts, parts)
        given = dict(reports=reports, accounts=accounts, out=folder / f"of{parts}", keep=keep)
        cpu, _ = cost(lambda: reconcile.match(spark, **given, progress=said.append))
        came = next(line for line in said if line.startswith("accounts: ")).split()[1]
        again = sum(of["rows_out"] for of in counts(keep) if of["part"] == "accounts, all parts")
        size = sum(path.stat().st_size for path in (keep / "accounts").iterdir()) / 1e6
        print(f"{parts:5} {int(came):>25,} {again:>30,} {size:>19.1f} {cpu / millions:>8.2f}", flush=True)
    spark.stop()


def counts(keep: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (keep / "counts").read_text().splitlines()]


if __name__ == "__main__":
    main()
