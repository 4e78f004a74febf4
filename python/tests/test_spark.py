"""Runs over tables of Spark give the files of a run on one machine, whatever is killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from conftest import World, in_parts, same_results

pytest.importorskip("pyarrow")
pytest.importorskip("pyspark")

from spark_session import environment, processes_below, session, table  # noqa: E402

from crm_reconcile import ReconcileError, find_binary  # noqa: E402
from crm_reconcile import spark as reconcile  # noqa: E402

pytestmark = pytest.mark.spark

PARTS = 16


def run(spark: Any, world: World, out: Path, parts: int = PARTS, **more: Any) -> Any:
    return reconcile.match(
        spark,
        reports=world.report.parent,
        accounts=table(spark, world.accounts, parts),
        contacts=table(spark, world.contacts, parts),
        out=out,
        as_of="2026-11-21",
        **more,
    )


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    spark = session("local[2,4]")
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    spark = session("local-cluster[2,1,1024]")
    yield spark
    spark.stop()


def test_parts_give_the_files_of_one_machine(local: Any, world: World, whole: Path, tmp_path: Path) -> None:
    said: list[str] = []
    done = run(local, world, tmp_path / "out", frames=True, progress=said.append)
    same_results(whole, done.out)
    assert done.frames["links"].count() == (whole / "links.csv").read_text().count("\n") - 1
    line = next(line for line in said if line.startswith("accounts: "))
    came, read = (int(word) for word in line.split() if word.isdigit())
    assert 0 < came < read, said


def test_accounts_alone_are_linked(local: Any, tmp_path: Path) -> None:
    import crm_reconcile

    world = World(tmp_path, 2_000)
    one = crm_reconcile.match(reports=world.report.parent, accounts=world.accounts, out=tmp_path / "one", as_of="2026-11-21")
    accounts = table(local, world.accounts, 3)
    done = reconcile.match(local, reports=world.report, accounts=accounts, out=tmp_path / "parts", as_of="2026-11-21")
    same_results(one.out, done.out)


OVER_CONNECT = """
import sys
from pyspark.sql import SparkSession
from crm_reconcile import spark as reconcile

reports, accounts, contacts, out = sys.argv[1:]
builder = SparkSession.builder.remote("local[2]")
spark = builder.config("spark.driver.host", "127.0.0.1").config("spark.ui.enabled", "false").getOrCreate()
assert "connect" in type(spark).__module__, type(spark)
tables = dict(accounts=spark.read.parquet(accounts), contacts=spark.read.parquet(contacts))
run = reconcile.match(spark, reports=reports, **tables, out=out, as_of="2026-11-21", frames=True)
assert run.frames["links"].count() == run.summary["results"]["links"]
spark.stop()
"""


def test_a_session_of_connect_gives_the_files_of_one_machine(tmp_path: Path) -> None:
    """Nothing but what Spark Connect allows is used: no RDD, no context."""
    pytest.importorskip("pyspark", minversion="4.0", reason="the server is part of the package since 4.0")
    import crm_reconcile

    world = World(tmp_path, 1_000)
    given = dict(accounts=world.accounts, contacts=world.contacts, as_of="2026-11-21")
    one = crm_reconcile.match(reports=world.report.parent, out=tmp_path / "one", **given)
    tables = [in_parts(path, 2) for path in (world.accounts, world.contacts)]
    # in a process of its own: a session of this kind and one of the other do not live together
    command = [sys.executable, "-c", OVER_CONNECT, world.report.parent, *tables, tmp_path / "parts"]
    ran = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-3000:]
    same_results(one.out, tmp_path / "parts")


class Killer(threading.Thread):
    """Kills one process below this one, as soon as one fits while a pass over the accounts is half done."""

    def __init__(self, spark: Any, fits: Callable[[int, str], bool]) -> None:
        super().__init__(daemon=True)
        self.tracker, self.fits = spark.sparkContext.statusTracker(), fits
        self.killed = 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.killed and not self.stopped.wait(0.02):
            if not self._some_ended_and_one_runs():
                continue
            for pid, line in processes_below(os.getpid()):
                if self.fits(pid, line):
                    os.kill(pid, signal.SIGKILL)
                    self.killed = pid
                    break

    def _some_ended_and_one_runs(self) -> bool:
        stages = [self.tracker.getStageInfo(stage) for stage in self.tracker.getActiveStageIds()]
        return any(stage and stage.numCompletedTasks >= 1 and stage.numActiveTasks >= 1 for stage in stages)


def failed_tasks(spark: Any) -> int:
    """Tasks that failed, over all stages of the session that are still known."""
    tracker = spark.sparkContext.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(None)]
    stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    return sum(stage.numFailedTasks for stage in stages if stage)


def is_child(_: int, line: str) -> bool:
    return " sift accounts " in line and "--known-to" in line


def is_executor(pid: int, line: str) -> bool:
    """An executor with the program at work."""
    return "CoarseGrainedExecutorBackend" in line and any(is_child(*below) for below in processes_below(pid))


KILLED: Mapping[str, Callable[[int, str], bool]] = {"executor": is_executor, "child": is_child}


@pytest.mark.parametrize("what", KILLED)
def test_a_kill_costs_a_task_and_no_row(cluster: Any, small: World, small_whole: Path, tmp_path: Path, what: str) -> None:
    before = failed_tasks(cluster)
    killer = Killer(cluster, KILLED[what])
    killer.start()
    done = run(cluster, small, tmp_path / "out", parts=8)
    killer.stopped.set()
    killer.join()
    assert killer.killed, f"no {what} was there to be killed: the test proves nothing"
    until = time.monotonic() + 30
    while failed_tasks(cluster) == before and time.monotonic() < until:
        time.sleep(0.5)
    assert failed_tasks(cluster) > before, "no task failed: the test proves nothing"
    same_results(small_whole, done.out)


def test_a_program_that_always_fails_ends_the_job_with_its_words(
    cluster: Any, small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'error: the disk of the executor is full' >&2\nexit 3\n")
    broken.chmod(broken.stat().st_mode | stat.S_IEXEC)
    task = reconcile.Task

    def with_broken(what: str, arguments: Any, *more: Any, **named: Any) -> Any:
        return task(what, arguments, *more, **named, command=[str(broken)])

    monkeypatch.setattr(reconcile, "Task", with_broken)
    with pytest.raises(Exception, match="the disk of the executor is full"):
        run(cluster, small, tmp_path / "out", parts=8)
    assert not (tmp_path / "out").exists()


def test_the_program_is_the_one_of_this_package() -> None:
    assert find_binary().is_file()
    assert issubclass(reconcile.TaskError, ReconcileError)
