#!/usr/bin/env python3
"""Stops runs at random times and starts pairs of them at once: nothing may be lost.

usage: scripts/attack.py RECONCILE [--kills 200] [--pairs 40] [--seed N]

Runs over the samples into one folder, in which a person has files of their own and an edited list.
A kill comes at a random time of a run, half of them near its end, where folders change places. After
each, finished results must be there under one of their names, with all verdicts, all files of the
person and whole entries of the history. A pair of runs reads two CRMs and starts within a run's time: each must publish a whole
or say who holds the folder, and what is there must be of one run. Exit status 1 at the first that
is wrong.
"""
import argparse
import csv
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples"
NAMES = ["out", "out.new", "out.previous", "out.replaced"]
MINE = {"thesis.txt": "years of work", "photos/a.jpg": "a picture"}


class Wrong(Exception):
    """What must not happen."""


def start(options, folder, crm):
    flags = ["--as-of", "2026-11-21", "--own-domain", "varnholt-cloudpartner.de", "--quiet"]
    paths = ["--reports", SAMPLES / "reports", "--crm", SAMPLES / "crm" / crm, "--out", "out"]
    command = [options.reconcile, "match", *paths, *flags, "--target", "hubspot", "crm-update"]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def is_whole(results):
    """Whether a folder holds every file that its mark names, as it was written or edited."""
    try:
        named = json.loads((results / ".reconcile").read_text())["files"]
    except (OSError, ValueError):
        return False
    return "summary.json" in named and all((results / name).exists() for name in named)


def must_be_of_one_run(results):
    summary = json.loads((results / "summary.json").read_text())
    manifest = json.loads((results / "manifest.json").read_text())
    if manifest["run_started"] != summary["started"] or manifest["settings"] != summary["settings"]:
        raise Wrong("the manifest is of another run than the summary")
    named = json.loads((results / ".reconcile").read_text())["files"]
    for name, wanted in named.items():
        if hashlib.sha256((results / name).read_bytes()).hexdigest() != wanted:
            raise Wrong(f"{name} is not as the run wrote it")
    for file in summary["files"]:
        if file["file"].endswith(".csv"):
            with open(results / file["file"], encoding="utf-8-sig", newline="") as lines:
                rows = sum(1 for _ in csv.reader(lines)) - 1
            if rows != file["rows"]:
                raise Wrong(f"{file['file']}: {rows} rows, the summary says {file['rows']}")


def must_have_history(folder, run=None):
    """Every entry of the history is whole; that of the last run is there, where it has ended."""
    for entry in (folder / "out.history").glob("*.json"):
        try:
            freed = json.loads(entry.read_text(encoding="utf-8"))["freed"]
        except (ValueError, KeyError) as error:
            raise Wrong(f"{entry.name} of the history is not whole: {error}") from error
        if set(freed) != {"accounts", "contacts"}:
            raise Wrong(f"{entry.name} of the history is not whole")
    if run is not None:
        kept = folder / "out.history" / "2026-10.json"
        if not kept.exists() or kept.read_bytes() != (run / "history.json").read_bytes():
            raise Wrong("the history does not hold the entry of the last run")


def must_hold_mine(folder, names):
    for name, text in MINE.items():
        places = [folder / of / name for of in names]
        if [place.read_text() for place in places if place.exists()] != [text]:
            raise Wrong(f"{name} is not there once")
    edited = [folder / of / "links (edited).csv" for of in names]
    if not any(place.exists() and "mine" in place.read_text() for place in edited):
        raise Wrong("the edited list is gone")


def judge(results):
    """Types a verdict into the review sheet, for its first customer without one."""
    with open(results / "review.csv", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[0]["verdict"] = "accept"
    with open(results / "review.csv", "w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows[0]["customer_id"], rows[0]["account_id"]


def must_be_known(folder, verdicts):
    path = folder / "out.verdicts.csv"
    known = []
    if path.exists():
        with open(path, encoding="utf-8", newline="") as lines:
            known = [(row["customer_id"], row["account_id"]) for row in csv.DictReader(lines)]
    for verdict in verdicts:
        if known.count(verdict) != 1:
            raise Wrong(f"the verdict {verdict} stands {known.count(verdict)} times")


def finish(options, folder):
    run = start(options, folder, "salesforce")
    _, told = run.communicate()
    if run.returncode:
        raise Wrong(f"the run after it fails: {told}")


def kills(options, folder):
    begin = time.monotonic()
    finish(options, folder)
    length = time.monotonic() - begin
    for name, text in MINE.items():
        (folder / "out" / name).parent.mkdir(exist_ok=True)
        (folder / "out" / name).write_text(text)
    with open(folder / "out" / "links.csv", "a", encoding="utf-8") as links:
        links.write("mine\n")
    finish(options, folder)
    verdicts = []
    for number in range(options.kills):
        if number % 20 == 0:
            verdicts.append(judge(folder / "out"))
        run = start(options, folder, "salesforce")
        late = number % 2
        time.sleep(length * (random.uniform(0.6, 1.05) if late else random.uniform(0, 1)))
        run.kill()
        run.communicate()
        if not any(is_whole(folder / name) for name in NAMES[:3]):
            raise Wrong("no finished results are left")
        must_hold_mine(folder, NAMES)
        must_have_history(folder)
        if number % 20 == 19 or number + 1 == options.kills:
            finish(options, folder)
            must_be_known(folder, verdicts)
            must_hold_mine(folder, ["out"])
            must_be_of_one_run(folder / "out")
            must_have_history(folder, folder / "out")
            left = [path.name for path in folder.iterdir()]
            known = {"out", "out.previous", "out.history", "out.verdicts.csv", ".out.lock"}
            if set(left) != known:
                raise Wrong(f"left behind: {set(left) - known}")
    return length


def pairs(options, folder, length):
    done = refused = 0
    for _ in range(options.pairs):
        first = start(options, folder, "salesforce")
        time.sleep(random.uniform(0, length * 1.1))
        second = start(options, folder, random.choice(["hubspot", "dynamics"]))
        for run in (first, second):
            _, told = run.communicate()
            done += run.returncode == 0
            if run.returncode and "another run writes to it" not in told:
                raise Wrong(told)
            refused += run.returncode != 0
        if first.returncode and second.returncode:
            raise Wrong("neither has published")
        must_be_of_one_run(folder / "out")
        must_have_history(folder, folder / "out")
        must_hold_mine(folder, ["out"])
    return done, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reconcile", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    random.seed(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        length = kills(options, folder)
        print(f"{options.kills} kills: nothing lost")
        done, refused = pairs(options, folder, length)
        print(f"{options.pairs} pairs: {done} runs published a whole, {refused} were refused")
    except Wrong as wrong:
        sys.exit(f"wrong: {wrong} (--seed {options.seed}; see {folder})")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
