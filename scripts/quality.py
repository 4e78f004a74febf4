#!/usr/bin/env python3
"""Prints how well the program links tasks whose truth is known.

usage: scripts/quality.py DATA_FOLDER [--program PATH] [--names-only] [--rules DIR]

DATA_FOLDER holds one folder per task: left.csv (id, name, domain, city, country), right.csv (id,
name, website, city, country), truth.csv (left_id, right_id), and ignore.csv with pairs that count
neither way. The program runs as a user runs it, without any flag that helps it; only links.csv
counts as links. `in review` are true pairs that are put before a person.
"""
import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pairs(path, left, right):
    if not path.exists():
        return set()
    return {(row[left], row[right]) for row in rows(path) if row[left] and row[right]}


def without(path, columns, to):
    """Copies a table with some columns emptied."""
    table = rows(path)
    with open(to, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        for row in table:
            writer.writerow({**row, **{column: "" for column in columns if column in row}})
    return to


def measure(task, options):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        left, right = task / "left.csv", task / "right.csv"
        if options.names_only:
            left = without(left, ["domain"], folder / "left.csv")
            right = without(right, ["website"], folder / "right.csv")
        out = folder / "out"
        command = [options.program, "match", "--quiet", "--reports", left, "--accounts", right]
        command += ["--out", out, "--as-of", "2026-01-01"]
        if options.rules:
            command += ["--rules", options.rules]
        status = subprocess.run(command).returncode
        if status not in (0, 3):
            sys.exit(f"{task}: the program ended with status {status}")
        truth = pairs(task / "truth.csv", "left_id", "right_id")
        ignored = pairs(task / "ignore.csv", "left_id", "right_id") - truth
        linked = pairs(out / "links.csv", "customer_id", "account_id") - ignored
        review = pairs(out / "review.csv", "customer_id", "account_id") - ignored
        return truth, linked, review


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--program", default="target/release/reconcile")
    parser.add_argument("--names-only", action="store_true", help="hide domains from the program")
    parser.add_argument("--rules", help="a folder of rule tables to try")
    options = parser.parse_args()
    tasks = sorted(path.parent for path in options.data.glob("*/truth.csv"))
    if not tasks:
        sys.exit(f"{options.data}: holds no task (a folder with truth.csv)")
    print(f"{'task':<14}{'true pairs':>11}{'links':>8}{'precision':>11}{'recall':>8}{'F1':>8}{'in review':>11}")
    for task in tasks:
        truth, linked, review = measure(task, options)
        right = len(truth & linked)
        precision = right / len(linked) if linked else 1.0
        recall = right / len(truth) if truth else 1.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        asked = len(truth & review - linked)
        print(f"{task.name:<14}{len(truth):>11}{len(linked):>8}{precision:>11.4f}{recall:>8.4f}{f1:>8.4f}{asked:>11}")


if __name__ == "__main__":
    main()
