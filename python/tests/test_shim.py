"""The task without Spark: programs that fail in every way, each an error within seconds."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Iterator

import pytest

pa = pytest.importorskip("pyarrow")

from crm_reconcile.spark import Task, TaskError  # noqa: E402

FAKE = str(Path(__file__).with_name("fake_program.py"))


def batches(count: int = 50) -> Iterator["pa.RecordBatch"]:
    for at in range(count):
        yield pa.record_batch({"id": [f"{at}-{row}" for row in range(1000)], "name": ["x" * 100] * 1000})


def sifted(how: str, rows: Iterator["pa.RecordBatch"]) -> list[dict[str, object]]:
    """All that a task gives, or its error; never later than in a minute."""
    given: list[dict[str, object]] = []
    fault: list[BaseException] = []

    def work() -> None:
        try:
            task = Task("contacts", [], command=[sys.executable, FAKE, how])
            given.extend(row for batch in task(rows) for row in batch.to_pylist())
        except BaseException as error:  # noqa: BLE001 - handed over
            fault.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), f"a program that {how} is waited for for ever"
    if fault:
        raise fault[0]
    return given


def test_what_comes_through_is_whole() -> None:
    given = sifted("ends well", batches())
    output = b"".join(row["rows"] for row in given if row["rows"])
    assert sum(batch.num_rows for batch in pa.ipc.open_stream(output)) == 50_000
    assert json.loads(given[-1]["counts"])["rows_in"] == 50_000


def test_pipes_do_not_wait_for_each_other() -> None:
    assert json.loads(sifted("writes before it reads", batches())[-1]["counts"])["rows_out"] == 5000


def test_an_empty_part_starts_nothing() -> None:
    assert sifted("says why", iter(())) == []


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("closes at once", "said nothing of its rows"),
        ("says nothing", "said nothing of its rows"),
        ("says why", "the word of the program"),
        ("ends badly", "no memory left"),
        ("is killed", "ended with status -9"),
        ("closes its input", "enough"),
        ("writes too little", "49000 of 50000 rows came out"),
        ("stops in the middle", "cut off"),
        ("counts wrongly", "of 50000 rows the program has read 49999"),
    ],
)
def test_whatever_is_not_whole_is_an_error(how: str, words: str) -> None:
    with pytest.raises(TaskError, match=words):
        sifted(how, batches())


def test_a_fault_of_spark_is_its_own() -> None:
    def failing() -> Iterator["pa.RecordBatch"]:
        yield from batches(3)
        raise ConnectionError("the executor is gone")

    with pytest.raises(ConnectionError, match="the executor is gone"):
        sifted("ends well", failing())


def test_no_program_stays_behind_where_a_task_is_cancelled() -> None:
    import subprocess

    started: list["subprocess.Popen[bytes]"] = []
    popen = subprocess.Popen

    def noted(*arguments: object, **named: object) -> "subprocess.Popen[bytes]":
        started.append(popen(*arguments, **named))  # type: ignore[call-overload]
        return started[-1]

    def cancelled() -> Iterator["pa.RecordBatch"]:
        yield from batches(3)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", noted)
        with pytest.raises(KeyboardInterrupt):
            sifted("ends well", cancelled())
    assert [child.poll() is not None for child in started] == [True]


def test_a_task_can_be_sent_to_executors() -> None:
    import pickle

    task = Task("accounts", ["--sample=a"], {"a": (b"x", 0.0)})
    assert pickle.loads(pickle.dumps(task)) == task
