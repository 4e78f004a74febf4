"""Runs over tables of Spark give the files of a run on one machine, whatever is killed."""

from __future__ import annotations

import os
import signal
import stat
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from conftest import World, same_results

pytest.importorskip("pyarrow")
pytest.importorskip("pyspark")

from spark_session import processes_below, session, table  # noqa: E402

from crm_reconcile import ReconcileError, find_binary  # noqa: E402
from crm_reconcile import spark as reconcile  # noqa: E402

pytestmark = pytest.mark.spark

PARTS = 16


def run(spark: Any, world: World, out: Path, **more: Any) -> Any:
    return reconcile.match(
        spark,
        reports=world.report.parent,
        accounts=table(spark, world.accounts, PARTS),
        contacts=table(spark, world.contacts, PARTS),
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
    if "SPARK_CLUSTER" not in os.environ:
        pytest.skip("processes are killed only where SPARK_CLUSTER is set")
    spark = session("local-cluster[2,1,1024]")
    yield spark
    spark.stop()


def test_parts_give_the_files_of_one_machine(local: Any, world: World, whole: Path, tmp_path: Path) -> None:
    said: list[str] = []
    done, frames = run(local, world, tmp_path / "out", frames=True, progress=said.append)
    same_results(whole, done.out)
    assert frames["links"].count() == (whole / "links.csv").read_text().count("\n") - 1
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


def test_what_people_accepted_comes_through(local: Any, tmp_path: Path) -> None:
    """An account that nothing but a verdict brings to its customer."""
    import csv

    world = World(tmp_path, 2_000)
    out = tmp_path / "out"
    given = dict(reports=world.report.parent, accounts=table(local, world.accounts, 3), out=out, as_of="2026-11-21")
    reconcile.match(local, **given)
    with open(out / "review.csv", "a", encoding="utf-8", newline="") as file:
        header = (out / "review.csv").read_text("utf-8").splitlines()[0].split(",")
        row = {"customer_id": "30000001", "account_id": "A0000001", "verdict": "accept"}
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerow(row)
    assert ",A0000001," not in (out / "links.csv").read_text("utf-8")
    reconcile.match(local, **given)
    links = (out / "links.csv").read_text("utf-8").splitlines()
    assert any(line.startswith("30000001,") and ",A0000001," in line for line in links), links


def test_contacts_that_only_a_name_joins_are_refused(local: Any, world: World, tmp_path: Path) -> None:
    accounts = table(local, world.accounts, 2).limit(100)
    contacts = local.createDataFrame([("P1", "Quellbrink0 Werkzeugbau", "a@b.de")], ["Contact ID", "Account Name", "Email"])
    with pytest.raises(Exception, match="a question to all accounts"):
        reconcile.match(local, reports=world.report.parent, accounts=accounts, contacts=contacts, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_shared_folder_takes_the_place_of_sending(local: Any, tmp_path: Path) -> None:
    import crm_reconcile

    world = World(tmp_path, 1_000)
    shared = tmp_path / "shared"
    one = crm_reconcile.match(
        reports=world.report.parent, accounts=world.accounts, contacts=world.contacts, out=tmp_path / "one", as_of="2026-11-21"
    )
    done = run(local, world, tmp_path / "parts", shared=str(shared))
    same_results(one.out, done.out)


class Killer(threading.Thread):
    """Kills one process below this one, as soon as one is there that fits and `may` says so."""

    def __init__(self, fits: Callable[[str], bool], may: Callable[[], bool]) -> None:
        super().__init__(daemon=True)
        self.fits, self.may, self.killed = fits, may, 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            if not self.may():
                continue
            for pid, line in processes_below(os.getpid()):
                if self.fits(line):
                    os.kill(pid, signal.SIGKILL)
                    self.killed = pid
                    return


def some_ended_and_one_runs(spark: Any) -> Callable[[], bool]:
    tracker = spark.sparkContext.statusTracker()

    def may() -> bool:
        for stage in tracker.getActiveStageIds():
            info = tracker.getStageInfo(stage)
            if info and info.numTasks == PARTS and info.numCompletedTasks >= 1 and info.numActiveTasks >= 1:
                return True
        return False

    return may


def failed_tasks(spark: Any) -> int:
    """Tasks that failed, over all stages of the session that are still known."""
    tracker = spark.sparkContext.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(None)]
    stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    return sum(stage.numFailedTasks for stage in stages if stage)


def is_executor(line: str) -> bool:
    return "CoarseGrainedExecutorBackend" in line


def is_child(line: str) -> bool:
    return " sift accounts " in line and "--known-to" in line


@pytest.mark.parametrize(("what", "fits"), [("executor", is_executor), ("child", is_child)])
def test_a_kill_costs_a_task_and_no_row(
    cluster: Any, small: World, small_whole: Path, tmp_path: Path, what: str, fits: Callable[[str], bool]
) -> None:
    before = failed_tasks(cluster)
    killer = Killer(fits, some_ended_and_one_runs(cluster))
    killer.start()
    done = run(cluster, small, tmp_path / "out")
    killer.stopped.set()
    assert killer.killed, f"no {what} was there to be killed: the test proves nothing"
    time.sleep(2)
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
        run(cluster, small, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_program_is_the_one_of_this_package() -> None:
    assert find_binary().is_file()
    assert issubclass(reconcile.TaskError, ReconcileError)
