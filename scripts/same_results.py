#!/usr/bin/env python3
"""Compares two builds of the program: the same inputs must give the same bytes.

usage: scripts/same_results.py BEFORE AFTER DATA TOOLS [--cache DIR] [--only NAME ...] [--keep DIR]

BEFORE and AFTER are two builds of `reconcile`. They run over the three CRMs of samples/, over each
list in DATA, and over a generated task of 10,000 customers and 100,000 accounts with contacts
(TOOLS holds make_task.py). Every file of both result folders is compared, workbooks by what is in
them; times, paths and the version aside. Files that differ are named, with the first line that
does, and the exit status is 1.

examples:
  scripts/same_results.py old/reconcile target/release/reconcile data tools --cache tasks
  scripts/same_results.py old/reconcile target/release/reconcile data tools --only "sample*" us_large
"""
import argparse
import fnmatch
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
GENERATED = "10k-contacts"
AS_OF = ["--as-of", "2026-11-21"]
# What a run may write otherwise each time: times, and the program that wrote it.
CHANGING = re.compile(
    rb'"(started|ended|finished|written|time|version|seconds|program)": ?("[^"]*"|[0-9.]+)'
    rb"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
    rb"|<time>[^<]*</time>"
)


def tasks(options):
    """Name and flags of each run."""
    for crm in sorted((SAMPLES / "crm").iterdir()):
        flags = ["--reports", SAMPLES / "reports", "--crm", crm]
        flags += ["--suppress", SAMPLES / "suppression-list.csv"]
        flags += ["--own-domain", "varnholt-cloudpartner.de", "--consent-unknown", "list"]
        yield f"sample-{crm.name}", flags + ["--target", "hubspot", "--target", "crm-update"]
    for folder in sorted(path.parent for path in options.data.glob("*/truth.csv")):
        yield folder.name, ["--reports", folder / "left.csv", "--crm", folder / "right.csv"]
    folder = options.cache / GENERATED
    crm = [folder / "crm.csv", folder / "contacts.csv"]
    yield GENERATED, ["--reports", folder / "report.csv", "--crm", *crm]


def generate(options):
    """Makes the generated task where it is not there."""
    folder = options.cache / GENERATED
    if (folder / "done").exists():
        return
    command = [sys.executable, options.tools / "make_task.py", "--report=10000", "--crm=100000"]
    command += ["--seed=1", "--contacts=2", f"--out={folder}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (folder / "done").touch()


def run(program, flags, out):
    """The results of a run: file to content."""
    command = [program, "match", "--quiet", *flags, *AS_OF, "--out", out]
    ended = subprocess.run([str(part) for part in command], capture_output=True)
    if ended.returncode not in (0, 3):
        sys.exit(f"{program} ended with {ended.returncode}: {ended.stderr.decode()}")
    return {str(path.relative_to(out)): path for path in sorted(out.rglob("*")) if path.is_file()}


def parts(path, out):
    """What is compared of a file: name to bytes, without what changes with each run."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            raw = {name: book.read(name) for name in book.namelist()}
    else:
        raw = {"": path.read_bytes()}
    own = str(out).encode()
    return {name: CHANGING.sub(b"", content.replace(own, b"OUT")) for name, content in raw.items()}


def first_difference(before, after):
    """The first line in which two texts differ."""
    lines = zip(before.splitlines() + [b"(end)"], after.splitlines() + [b"(end)"])
    for number, (one, other) in enumerate(lines, 1):
        if one != other:
            at = next((i for i, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), 0)
            cut = slice(max(0, at - 60), at + 80)
            return f"line {number}:\n    - {one[cut].decode(errors='replace')}\n    + {other[cut].decode(errors='replace')}"
    return "its end"


def compare(name, flags, options, keep):
    """Runs both programs over a task; what differs, as lines."""
    outs = [keep / f"{name}-before", keep / f"{name}-after"]
    found = [run(program, flags, out) for program, out in zip((options.before, options.after), outs)]
    lines = [f"{name}: only one has {file}" for file in sorted(found[0].keys() ^ found[1].keys())]
    for file in sorted(found[0].keys() & found[1].keys()):
        one, other = (parts(files[file], out) for files, out in zip(found, outs))
        for part in sorted(one.keys() | other.keys()):
            if one.get(part, b"") != other.get(part, b""):
                where = first_difference(one.get(part, b""), other.get(part, b""))
                lines.append(f"{name}: {file} {part} differs at {where}")
    return lines


def main():
    style = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=style, usage=argparse.SUPPRESS)
    parser.add_argument("before", type=pathlib.Path)
    parser.add_argument("after", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path, help="folder with the real lists")
    parser.add_argument("tools", type=pathlib.Path, help="folder with make_task.py")
    parser.add_argument("--cache", type=pathlib.Path, help="folder for the generated task")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=["*"])
    parser.add_argument("--keep", type=pathlib.Path, help="an empty folder that keeps the results")
    options = parser.parse_args()
    options.cache = options.cache or pathlib.Path(tempfile.gettempdir()) / "reconcile-tasks"
    wanted = [(name, flags) for name, flags in tasks(options)
              if any(fnmatch.fnmatch(name, glob) for glob in options.only)]
    if any(name == GENERATED for name, _ in wanted):
        generate(options)
    differences = 0
    with tempfile.TemporaryDirectory() as scratch:
        keep = options.keep or pathlib.Path(scratch)
        for name, flags in wanted:
            lines = compare(name, flags, options, keep.resolve())
            differences += len(lines)
            print("\n".join(lines) if lines else f"{name}: same", flush=True)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
