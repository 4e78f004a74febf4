"""All passes over tables in parts, each task in this process: what does not need Spark itself."""

from __future__ import annotations

import csv
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import World, in_parts, same_results

import crm_reconcile
from crm_reconcile import ReconcileError

pa = pytest.importorskip("pyarrow")

import pyarrow.parquet  # noqa: E402

from crm_reconcile import spark as reconcile  # noqa: E402


@dataclass
class Tasks:
    """What a pass gives, part by part."""

    parts: list["pa.Table"]
    task: Any

    def collect(self) -> list[dict[str, object]]:
        # a task goes to an executor as bytes
        task = pickle.loads(pickle.dumps(self.task))
        batches = [batch for part in self.parts for batch in task(iter(part.to_batches(max_chunksize=500)))]
        return [row for batch in batches for row in batch.to_pylist()]


@dataclass
class Parts:
    """Stands in for a DataFrame: as much of it as the module asks for."""

    parts: list["pa.Table"]

    def limit(self, rows: int) -> Parts:
        return Parts([self.parts[0].slice(0, rows)])

    def mapInArrow(self, task: Any, _: str) -> Tasks:
        return Tasks(self.parts, task)


def parts_of(path: Path, count: int) -> Parts:
    return Parts([pa.parquet.read_table(file) for file in sorted(in_parts(path, count).iterdir())])


def tables(world: World, count: int = 3) -> dict[str, Any]:
    return dict(accounts=parts_of(world.accounts, count), contacts=parts_of(world.contacts, count))


def files(world: World) -> dict[str, Any]:
    return dict(accounts=world.accounts, contacts=world.contacts)


@pytest.fixture()
def world(tmp_path: Path) -> World:
    return World(tmp_path, 2_000)


DAY: dict[str, Any] = dict(as_of="2026-11-21")


@pytest.mark.parametrize("count", [1, 7])
def test_parts_give_the_files_of_one_machine(world: World, tmp_path: Path, count: int) -> None:
    given = dict(reports=world.report.parent, **DAY)
    one = crm_reconcile.match(**given, **files(world), out=tmp_path / "one")
    said: list[str] = []
    done = reconcile.match(None, **given, **tables(world, count), out=tmp_path / "parts", progress=said.append)
    same_results(one.out, done.out)
    for what in ("accounts", "contacts", "denials"):
        line = next(line for line in said if line.startswith(f"{what}: "))
        came, read = (int(word) for word in line.split() if word.isdigit())
        assert 0 < came < read, said


def test_a_month_is_compared_with_the_month_before(world: World, tmp_path: Path) -> None:
    """Customers get other names: accounts that were linked, and people who were listed, are near nobody."""
    first, second = tmp_path / "2026-10.csv", tmp_path / "2026-11.csv"
    header, *customers = world.report.read_text("utf-8").splitlines()
    first.write_text("\n".join([header, *customers]), "utf-8")
    renamed = [f"{line.split(',')[0]},Zunftwerk{at},,,,,Act Now" for at, line in enumerate(customers[::2])]
    second.write_text("\n".join([header, *renamed, *customers[1::2]]), "utf-8")
    for out in ("one", "parts"):
        crm_reconcile.match(reports=first, out=tmp_path / out, **files(world), **DAY)
    one = crm_reconcile.match(reports=second, out=tmp_path / "one", **files(world), **DAY)
    done = reconcile.match(None, reports=second, out=tmp_path / "parts", **tables(world), **DAY)
    same_results(one.out, done.out)
    assert one.files["changes.csv"].read_text("utf-8").count("\n") > len(renamed)


def test_settings_may_stand_in_the_environment_and_in_a_file(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tasks have neither: a domain of one's own that only the driver knew of would be linked there."""
    monkeypatch.setenv("RECONCILE_OWN_DOMAIN", "quellbrink0.de")
    (tmp_path / "settings.toml").write_text('share-accounts = true\nas-of = "2026-11-21"\n')
    given: dict[str, Any] = dict(reports=f"{world.report.parent}/*.csv", settings=tmp_path / "settings.toml")
    one = crm_reconcile.match(**given, **files(world), out=tmp_path / "one")
    done = reconcile.match(None, **given, **tables(world), out=tmp_path / "parts")
    same_results(one.out, done.out)
    assert done.summary["settings"]["share-accounts"] is True
    assert done.summary["settings"]["own-domain"] == ["quellbrink0.de"]
    # the next month, with the settings of this one: what the passes made is made anew
    given["settings"] = done.files["settings.toml"]
    again = reconcile.match(None, **given, **tables(world), out=done.out)
    assert again.summary["settings"]["share-accounts"] is True


def test_what_people_accepted_comes_through(world: World, tmp_path: Path) -> None:
    """An account that nothing but a verdict brings to its customer; the folder is named with a slash."""
    out = tmp_path / "out"
    given = dict(reports=world.report.parent, accounts=parts_of(world.accounts, 3), out=f"{out}/", **DAY)
    reconcile.match(None, **given)
    with open(out / "review.csv", "a", encoding="utf-8", newline="") as file:
        header = (out / "review.csv").read_text("utf-8").splitlines()[0].split(",")
        row = {"customer_id": "30000001", "account_id": "A0000001", "verdict": "accept"}
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerow(row)
    assert ",A0000001," not in (out / "links.csv").read_text("utf-8")
    dry = reconcile.match(None, **given, dry_run=True)
    assert dry.summary["results"]["passes"]["verdict"] == 0, "a dry run leaves the sheet where it is"
    reconcile.match(None, **given)
    links = (out / "links.csv").read_text("utf-8").splitlines()
    assert any(line.startswith("30000001,") and ",A0000001," in line for line in links), links


def test_a_dry_run_writes_nothing(world: World, tmp_path: Path) -> None:
    done = reconcile.match(None, reports=world.report, **tables(world), out=tmp_path / "out", dry_run=True, **DAY)
    assert done.summary["results"]["links"] > 0 and not done.files
    assert not (tmp_path / "out").exists()


def test_a_shared_folder_takes_the_place_of_sending(world: World, tmp_path: Path) -> None:
    given = dict(reports=world.report.parent, **DAY)
    one = crm_reconcile.match(**given, **files(world), out=tmp_path / "one")
    shared = tmp_path / "shared"
    seen: list[Path] = []
    done = reconcile.match(
        None,
        **given,
        **tables(world),
        out=tmp_path / "parts",
        shared=str(shared),
        progress=lambda _: seen.extend(shared.rglob("*.csv")),
    )
    same_results(one.out, done.out)
    assert seen and not any(shared.iterdir())


def test_rows_of_another_run_do_not_count(world: World, tmp_path: Path) -> None:
    keep = tmp_path / "keep"
    keep.mkdir()
    (keep / "others.arrows").write_bytes(b"of another run")
    with pytest.raises(ReconcileError, match="not empty"):
        reconcile.match(None, reports=world.report, **tables(world), out=tmp_path / "out", keep=keep, **DAY)
    assert [path.name for path in keep.iterdir()] == ["others.arrows"] and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("contacts", "more", "words"),
    [
        ({"Contact ID": ["P1"], "Account Name": ["Quellbrink0 Werkzeugbau"], "Email": ["a@b.de"]}, None, "a question to all accounts"),
        (None, "Accounts.csv", "accounts or contacts that are in no part"),
        (None, "nope", "no such file or folder"),
    ],
)
def test_what_parts_cannot_answer_is_refused(
    world: World, tmp_path: Path, contacts: Any, more: Any, words: str
) -> None:
    given = dict(reports=world.report, accounts=parts_of(world.accounts, 2), out=tmp_path / "out", **DAY)
    contacts = Parts([pa.table(contacts)]) if contacts else None
    crm = tmp_path / more if more else None
    with pytest.raises(ReconcileError, match=words):
        reconcile.match(None, **given, contacts=contacts, crm=crm)
    assert not (tmp_path / "out").exists()
