#!/usr/bin/env python3
"""Prints how well the program links tasks whose truth is known, beside the floors it must reach.

usage: scripts/quality.py DATA TOOLS [--cache DIR] [--fast] [--only NAME ...] [--program PATH]

DATA holds one folder per real task: left.csv (id, name, domain, city, country), right.csv (id,
name, website, city, country), truth.csv (left_id, right_id), and ignore.csv with pairs that count
neither way. TOOLS holds make_task.py, which generates the others into the cache folder, once, and
small_lists.py, which draws small lists from the real ones.

The program runs as a user runs it, with no flag but the files; only links.csv counts as links.
  F1, P, R   of the links; repeated pairs count once
  R3         share of the true pairs that are links or stand in review.csv at rank 3 or better
  review     share of the customers that are in review
Figures below their floor are marked with `!`, and the exit status is 1.

examples:
  scripts/quality.py data tools --fast              all but the task of a million accounts
  scripts/quality.py data tools --only us_large de_xetra
  scripts/quality.py data tools --leave-one-out     each real list by limits chosen on the others
  scripts/quality.py data tools --only "10k*" --keep results
"""
import argparse
import csv
import fnmatch
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Task: the least F1, precision, and recall of links and review together; None: only reported.
REAL = {
    "us_large": (0.985, 0.995, 0.980),
    "us_fortune": (0.990, 0.995, 0.980),
    "de_xetra": (0.953, 0.990, None),
    "de_names": (0.976, 0.990, None),
    "jp_edinet": (0.987, 0.995, 0.980),
    "us_banks": (0.825, 0.985, None),
    "us_colleges": (0.975, 0.990, 0.970),
    "jp_places": (0.958, 0.990, 0.935),
}
MEAN = 0.950
# Task: report rows, accounts, seed, contacts per account, share of accounts that stand in another town, floors.
MADE = {
    "10k-seed1": (10_000, 100_000, 1, 0, 0, (0.978, 0.990, 0.975)),
    "10k-seed2": (10_000, 100_000, 2, 0, 0, (0.978, 0.990, 0.975)),
    "10k-seed3": (10_000, 100_000, 3, 0, 0, (0.978, 0.990, 0.975)),
    "10k-contacts": (10_000, 100_000, 1, 2, 0, (None, 0.990, 0.960)),
    "moved-seed1": (10_000, 100_000, 1, 0, 0.15, (0.953, 0.985, 0.950)),
    "moved-seed2": (10_000, 100_000, 2, 0, 0.15, (0.953, 0.985, 0.950)),
    "moved-seed3": (10_000, 100_000, 3, 0, 0.15, (0.953, 0.985, 0.950)),
    "100k-seed1": (100_000, 1_000_000, 1, 0, 0, (0.975, 0.990, 0.960)),
}
# Precision and recall over all small draws, and the precision of each list's.
SMALL = (0.994, 0.942, 0.980)
# The limits that were chosen on the real lists, and a step of each.
FITTED = {"accept": 0.05, "none_part": 0.3, "none_apart": 1.0, "unique_domain": 1.0}
PLAIN_OF_CONTACTS = "10k-seed1"
GAIN_BY_CONTACTS = 0.02
MOST_IN_REVIEW = 0.08
SLOW = {"100k-seed1"}


def pairs(path, left, right, wanted=lambda row: True):
    """The pairs of ids of a table, without repeats and without empty ids."""
    if not path.exists():
        return set()
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        found = {(row[left].strip(), row[right].strip()) for row in rows if wanted(row)}
    return {pair for pair in found if all(pair)}


class Task:
    """Files of a task, and its floors."""

    def __init__(self, name, floors, folder, left, right, ids):
        self.name, self.floors, self.folder, self.left, self.right = name, floors, folder, left, right
        self.truth = pairs(folder / "truth.csv", *ids)
        self.ignored = pairs(folder / "ignore.csv", *ids) - self.truth

    @classmethod
    def real(cls, folder):
        floors = REAL.get(folder.name, (None, None, None))
        ids = ("left_id", "right_id")
        return cls(folder.name, floors, folder, folder / "left.csv", [folder / "right.csv"], ids)

    @classmethod
    def made(cls, name, cache, tools):
        report, accounts, seed, contacts, moved, floors = MADE[name]
        folder = cache / name
        if not (folder / "done").exists():
            print(f"generating {name} into {folder}", file=sys.stderr)
            sizes = [f"--report={report}", f"--crm={accounts}", f"--seed={seed}"]
            command = [sys.executable, tools / "make_task.py", *sizes, f"--contacts={contacts}"]
            command += [f"--moved={moved}"] if moved else []
            subprocess.run([*command, f"--out={folder}"], check=True, stdout=subprocess.DEVNULL)
            (folder / "done").touch()
        crm = [folder / "crm.csv"] + ([folder / "contacts.csv"] if contacts else [])
        return cls(name, floors, folder, folder / "report.csv", crm, ("CustomerID", "account_id"))


def run(task, options, out):
    """Links a task; the seconds that it took."""
    command = [options.program, "match", "--quiet", "--reports", task.left, "--crm", *task.right]
    command += ["--out", out]
    if options.rules:
        command += ["--rules", options.rules]
    began = time.monotonic()
    status = subprocess.run([str(part) for part in command]).returncode
    if status not in (0, 3):
        sys.exit(f"{task.name}: the program ended with status {status}")
    return time.monotonic() - began


def measure(task, options):
    """The figures of one task."""
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(options.keep or scratch) / task.name
        seconds = run(task, options, out)
        ids = ("customer_id", "account_id")
        links = pairs(out / "links.csv", *ids) - task.ignored
        shown = pairs(out / "review.csv", *ids, lambda row: int(row["rank"]) <= 3)
        with open(out / "customers.csv", encoding="utf-8-sig", newline="") as file:
            statuses = [row["status"] for row in csv.DictReader(file)]
    right = len(links & task.truth)
    precision = right / len(links) if links else 0.0
    recall = right / len(task.truth) if task.truth else 0.0
    return {
        "true": len(task.truth),
        "links": len(links),
        "false": len(links) - right,
        "missed": len(task.truth) - right,
        "F1": 2 * precision * recall / (precision + recall) if right else 0.0,
        "P": precision,
        "R": recall,
        "R3": len((links | shown) & task.truth) / len(task.truth) if task.truth else 0.0,
        "review": statuses.count("review") / len(statuses) if statuses else 0.0,
        "s": seconds,
    }


def chosen(options):
    """The tasks to run, in the order of the table."""
    order = list(REAL)
    others = sorted(path.parent.name for path in options.data.glob("*/truth.csv"))
    names = [name for name in order if name in others]
    names += [name for name in others if name not in order] + list(MADE)
    wanted = options.only or ["*"]
    names = [name for name in names if any(fnmatch.fnmatch(name, glob) for glob in wanted)]
    if options.fast:
        names = [name for name in names if name not in SLOW]
    if not names:
        sys.exit("no task has such a name")
    return names


def small_lists(options):
    """Precision and recall of small draws of the real tasks and of all together; those below a floor."""
    folders = [options.data / name for name in REAL if (options.data / name).exists()]
    command = [sys.executable, options.tools / "small_lists.py", "--bin", options.program, *folders]
    command += ["--rules", options.rules] if options.rules else []
    done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    print("\ndraws of 300 customers, half of them in the CRM\n" + done.stdout, end="")
    missed = []
    for line in done.stdout.splitlines():
        name, _, precision, _, recall, *_ = line.split()
        pooled, pooled_recall, each = SMALL
        short = float(precision) < (pooled if name == "pooled" else each)
        if short or (name == "pooled" and float(recall) < pooled_recall):
            missed.append(f"small {name}")
    return missed


def variants(scratch):
    """Folders of rules with one fitted limit moved a step down or up, and one with all as shipped."""
    shipped = (ROOT / "rules" / "matching.toml").read_text()
    for limit, step in [(None, 0)] + [(limit, sign * step) for limit, step in FITTED.items() for sign in (-1, 1)]:
        text = shipped
        if limit:
            line = re.search(rf"^{limit} = (.*)$", shipped, re.M)
            text = shipped.replace(line[0], f"{limit} = {round(float(line[1]) + step, 3)}")
        folder = pathlib.Path(scratch) / f"{limit or 'as shipped'} {step:+}".removesuffix(" +0")
        folder.mkdir()
        (folder / "matching.toml").write_text(text)
        yield folder


def leave_one_out(options):
    """For each real list the figures with the limits that are best for all the others."""
    names = [name for name in REAL if (options.data / name).exists()]
    tasks = {name: Task.real(options.data / name) for name in names}
    with tempfile.TemporaryDirectory() as scratch:
        found = {}
        for folder in variants(scratch):
            with_rules = argparse.Namespace(**{**vars(options), "rules": folder, "keep": None})
            found[folder.name] = {name: measure(task, with_rules) for name, task in tasks.items()}
    print("\nlimits chosen on the other lists\n"
          f"{'list':<13}{'limits':<24}{'F1':>8}{'P':>8}{'F1 as shipped':>16}{'P':>8}")
    for name in names:
        others = [other for other in names if other != name]
        keeps = [of for of, it in found.items() if all(it[o]["P"] >= REAL[o][1] for o in others)]
        best = max(keeps or found, key=lambda of: sum(found[of][other]["F1"] for other in others))
        it, shipped = found[best][name], found["as shipped"][name]
        print(f"{name:<13}{best:<24}{it['F1']:>8.4f}{it['P']:>8.4f}{shipped['F1']:>16.4f}{shipped['P']:>8.4f}")


def cell(value, floor, most=False):
    """A figure, its floor, and a mark where it falls short."""
    text = f"{value:.4f}"
    if floor is None:
        return f"{text:<17}"
    missed = value > floor if most else value < floor
    return f"{text + ('!' if missed else ' ')} {'<=' if most else '>='} {floor:.3f}".ljust(17)


def main():
    style = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=style, usage=argparse.SUPPRESS)
    parser.add_argument("data", type=pathlib.Path, help="folder with the real tasks")
    parser.add_argument("tools", type=pathlib.Path, help="folder with make_task.py")
    parser.add_argument("--cache", type=pathlib.Path, help="folder for generated tasks")
    parser.add_argument("--fast", action="store_true", help="leave out the task of a million accounts")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these tasks; * and ? stand for others")
    parser.add_argument("--program", default="target/release/reconcile")
    parser.add_argument("--rules", help="a folder of rule tables to try")
    parser.add_argument("--leave-one-out", action="store_true", help="only this: limits chosen on the other lists")
    parser.add_argument("--keep", help="folder that keeps the results of each task")
    options = parser.parse_args()
    cache = options.cache or pathlib.Path(tempfile.gettempdir()) / "reconcile-tasks"
    if options.keep:
        pathlib.Path(options.keep).mkdir(parents=True, exist_ok=True)
    if options.leave_one_out:
        return leave_one_out(options)
    missed, figures = [], {}
    print(f"{'task':<13}{'true':>7}{'links':>7}{'false':>6}{'miss':>6}   {'F1':<17}{'precision':<17}"
          f"{'recall':<17}{'R with review':<17}{'in review':<17}{'s':>6}")
    for name in chosen(options):
        task = Task.made(name, cache, options.tools) if name in MADE else Task.real(options.data / name)
        figures[name] = it = measure(task, options)
        f1, precision, with_review = task.floors
        plain = figures.get(PLAIN_OF_CONTACTS) if name == "10k-contacts" else None
        recall = plain["R"] + GAIN_BY_CONTACTS if plain else None
        most = MOST_IN_REVIEW if precision else None
        cells = [("F1", f1), ("P", precision), ("R", recall), ("R3", with_review)]
        missed += [f"{name} {what}" for what, floor in cells if floor is not None and it[what] < floor]
        missed += [f"{name} review"] if most is not None and it["review"] > most else []
        print(f"{name:<13}{it['true']:>7}{it['links']:>7}{it['false']:>6}{it['missed']:>6}   "
              + "".join(cell(it[what], floor) for what, floor in cells)
              + cell(it["review"], most, most=True) + f"{it['s']:>6.1f}", flush=True)
    if all(name in figures for name in REAL):
        mean = sum(figures[name]["F1"] for name in REAL) / len(REAL)
        missed += ["mean F1"] if mean < MEAN else []
        print(f"{'mean of ' + str(len(REAL)):<42}{cell(mean, MEAN)}")
    if not options.only:
        missed += small_lists(options)
    print("every floor is reached" if not missed else "below the floor: " + ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
