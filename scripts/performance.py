#!/usr/bin/env python3
"""Prints what whole runs cost: CPU, wall, peak memory, and the ratio to parsing alone.

usage: scripts/performance.py TASK [TASK ...] [--program PATH] [--floor PATH] [--threads N]
                              [--runs N]

A TASK is a folder with report.csv (or several report*.csv) and crm.csv, and contacts.csv where
people take part. The floor is a plain pass of the csv crate over the same files, in the same run:

    cargo build --release && cargo build --release --example plain_pass

Of several runs the one with the least CPU counts: noise only adds. Needs a Unix system.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time


def run(command):
    """CPU seconds, wall seconds and peak memory in MB of a command."""
    began = time.monotonic()
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 3):
        sys.exit(f"{command[0]} ended with status {child.returncode}")
    wall = time.monotonic() - began
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1000


def files(task):
    reports = sorted(task.glob("report*.csv"))
    crm = [path for path in (task / "crm.csv", task / "contacts.csv") if path.exists()]
    if not reports or not crm:
        sys.exit(f"{task}: holds no report.csv and crm.csv")
    return reports, crm


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("tasks", nargs="+", type=pathlib.Path)
    parser.add_argument("--program", default="target/release/reconcile")
    parser.add_argument("--floor", default="target/release/examples/plain_pass")
    parser.add_argument("--threads", default=str(os.cpu_count()))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{'task':<24}{'MB in':>8}{'floor CPU s':>13}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'x floor':>9}")
    for task in options.tasks:
        reports, crm = files(task)
        size = sum(path.stat().st_size for path in reports + crm) / 1e6
        floor = min(run([options.floor, *reports, *crm])[0] for _ in range(options.runs))
        with tempfile.TemporaryDirectory(dir=task.parent) as folder:
            command = [options.program, "match", "--quiet", "--reports", *reports, "--crm", *crm]
            command += ["--out", pathlib.Path(folder) / "out", "--threads", options.threads]
            cpu, wall, peak = min(run(command) for _ in range(options.runs))
        print(f"{task.name:<24}{size:>8.1f}{floor:>13.2f}{cpu:>8.2f}{wall:>8.2f}{peak:>9.0f}{cpu / floor:>9.1f}")


if __name__ == "__main__":
    main()
