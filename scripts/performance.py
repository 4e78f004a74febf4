#!/usr/bin/env python3
"""Prints what whole runs cost: CPU, wall, peak memory, and the ratio to parsing alone.

usage: scripts/performance.py TOOLS --cache DIR [--fast] [--only NAME ...] [--runs N] [--markdown]

TOOLS holds make_task.py, which generates the tasks into the cache folder, once; the task of ten
million accounts takes long and is run only when it is named. Each run is a whole process, from
reading to the files published, workbooks included. The floor is a plain pass of the csv crate over
the same files, in the same run of this script:

    cargo build --release && cargo build --release --example plain_pass

Of several runs the one with the least CPU counts: noise only adds. Figures beyond what is allowed
are marked with `!`, and the exit status is 1. Needs a Unix system.

examples:
  scripts/performance.py tools --cache tasks --fast          10k customers, and the dense cases
  scripts/performance.py tools --cache tasks --only 100k threads
  scripts/performance.py tools --cache tasks --only 100k 100k-10M
"""
import argparse
import csv
import fnmatch
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

# Name: report rows, accounts, contacts per account, CPU seconds and peak MB allowed.
MADE = {
    "10k": (10_000, 100_000, 0, 0.8, 120),
    "100k": (100_000, 1_000_000, 0, 6, 350),
    "100k-contacts": (100_000, 1_000_000, 2, 11, 500),
    "100k-10M": (100_000, 10_000_000, 0, None, None),
    "1M-1M": (1_000_000, 1_000_000, 0, None, None),
}
TITLES = {
    "10k": "10k customers x 100k accounts",
    "100k": "100k x 1M accounts",
    "100k-contacts": "100k x 1M, 2M contacts",
    "100k-10M": "100k x 10M accounts",
    "1M-1M": "1M x 1M accounts",
    "six-reports": "six reports of 80 columns over 100k x 1M",
}
FAST = {"10k", "domain", "domain-group", "generic", "long-name"}
LONG = {"100k-10M", "1M-1M"}
# Of another task's figures: times the CPU, times the memory.
TIMES = {"100k-10M": ("100k", 11, 1.5)}
# Above another task's figures: CPU seconds, MB.
ABOVE = {"six-reports": ("100k", 3, 150)}
FASTER_WITH_TWO = 1.7
DENSE_AT_MOST = 3.0


# ------------------------------------------------------------------------------------------ tasks
def make(name, options):
    """The folder of a task of make_task.py, generated once."""
    report, accounts, contacts = MADE[name][:3]
    folder = options.cache / name
    if not (folder / "done").exists():
        print(f"generating {folder}", file=sys.stderr)
        sizes = [f"--report={report}", f"--crm={accounts}", "--seed=1", f"--contacts={contacts}"]
        command = [sys.executable, options.tools / "make_task.py", *sizes, f"--out={folder}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (folder / "done").touch()
    return folder


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path, table):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)


SHARED = """MPNID PartnerName CustomerID DUNSNumber AccountName Domain OrgSize Industry Vertical Area
Subsidiary SalesTerritory City State PostalCode Country Segment SubSegment SMCTypeSummary IsNonprofit
HasAzure HasD365 HasM365 HasGoogle HasAWS HasEA HasOpen Transactedinthelast36months
M365UpsellCustomer AzureUpsellCustomer""".split()
KINDS = {
    "AgreementRenewals": ("Azure M365 D365BC", "Azure"),
    "Azure": ("Azure", "Azure"),
    "D365": ("D365BC D365CE D365FO PowerApps", "D365"),
    "M365": ("M365 Surface", "MW"),
    "Security": ("Security", "MW"),
    "Surface": ("Surface M365", "MW"),
}
AGREEMENT = ["License Program", "Agreement ID", "Agreement End Date", "Expiration Type", "Expiring Revenue"]
CLUSTERS = ["Act Now", "Evaluate", "Nurture", "Educate"]


def six_reports(folder):
    """The six reports of 80 columns each over the customers of a plain report."""
    into = folder.parent / "six-reports"
    names = [into / f"{kind}Propensity_2026-10.csv" for kind in KINDS]
    if not (into / "done").exists():
        print(f"generating {into}", file=sys.stderr)
        into.mkdir(parents=True, exist_ok=True)
        rnd = random.Random("customers").random
        customers = [customer(row, rnd) for row in rows(folder / "report.csv")[1:]]
        for name, (kind, (areas, prefix)) in zip(names, KINDS.items()):
            write(name, wide_report(kind, areas.split(), prefix, customers))
        (into / "done").touch()
    return names


def customer(row, rnd):
    """What all reports say of a customer alike: the shared columns, and the bands of each area."""
    identifier, name, domain, city, state, postal_code, country = row
    filled = {
        "MPNID": "7714207", "PartnerName": "Varnholt Cloudpartner GmbH", "CustomerID": identifier,
        "DUNSNumber": "", "AccountName": name, "Domain": domain, "OrgSize": str(int(rnd() * 300)),
        "Industry": "Manufacturing", "Vertical": "Discrete Manufacturing", "Area": "Western Europe",
        "City": city, "State": state, "PostalCode": postal_code, "Country": country,
        "Segment": "Small, Medium & Corporate", "SubSegment": "Medium", "IsNonprofit": "No",
    }
    shared = [filled[column] if column in filled else "Yes" if rnd() < 0.3 else "No" for column in SHARED]
    areas = "Azure M365 D365BC D365CE D365FO PowerApps Surface Security".split()
    bands = {area: [CLUSTERS[int(rnd() * 4)], str(int(rnd() * 100)), str(int(rnd() * 100))] for area in areas}
    return shared, bands


def wide_report(kind, areas, prefix, customers):
    """A report of 80 columns: what all have, what the kind has, and cohorts for the rest."""
    rnd = random.Random(kind).random
    renewals = kind == "AgreementRenewals"
    bands = ["Cluster"] if renewals else ["Cluster", "Fit", "Intent"]
    own = [area + band for area in areas for band in bands] + (AGREEMENT if renewals else [])
    cohorts = [f"{prefix}_Campaign of {kind} number {at}" for at in range(80 - len(SHARED) - len(own))]
    yield SHARED + own + cohorts
    for at, (shared, of_area) in enumerate(customers):
        row = shared + [value for area in areas for value in of_area[area][: len(bands)]]
        if renewals:
            row += ["Open Value", f"V{at:07}", f"2027-{1 + int(rnd() * 12):02}-28", "Expiring", f"{int(rnd() * 90_000)}.00"]
        yield row + ["Yes" if rnd() < 0.1 else "No" for _ in cohorts]


GENERIC = """Global Services Solutions Group International Systems Consulting Management Holding Partners
Digital Technology Capital Trading Industries Media Marketing Logistics Energy Engineering""".split()


def dense(name, options):
    """A dense task and the normal task of the same size: (report, crm) each."""
    folder = make("10k", options)
    into = options.cache / "dense"
    into.mkdir(parents=True, exist_ok=True)
    report, crm = rows(folder / "report.csv"), rows(folder / "crm.csv")
    if name.startswith("domain"):
        crm = crm[:50_001]
        write(into / "crm-50k.csv", crm)
        crowded = [[*row[:2], "https://crowded.example.net/", *row[3:]] for row in crm[1:]]
        write(into / "crm-domain.csv", [crm[0], *crowded])
        holders = 300 if name == "domain-group" else 1
        held = [[*row[:2], "example.net", *row[3:]] for row in report[1 : holders + 1]]
        write(into / f"report-{name}.csv", [report[0], *held, *report[holders + 1 :]])
        return (into / f"report-{name}.csv", into / "crm-domain.csv"), (folder / "report.csv", into / "crm-50k.csv")
    if name == "long-name":
        words = " ".join(f"{GENERIC[at % 20]}{at}" for at in range(10_000))
        write(into / "report-long.csv", [*report, [f"C9{report[1][0][2:]}", words, *report[1][2:]]])
        write(into / "crm-long.csv", [*crm, ["001LONG00000001", words, *crm[1][2:]]])
        return (into / "report-long.csv", into / "crm-long.csv"), (folder / "report.csv", folder / "crm.csv")
    rnd = random.Random("generic").random
    two = lambda: f"{GENERIC[int(rnd() * 20)]} {GENERIC[int(rnd() * 20)]}"
    many = rows(make("100k", options) / "report.csv")
    write(into / "report-generic.csv", [many[0], *([row[0], two(), *row[2:]] for row in many[1:])])
    write(into / "crm-generic.csv", [crm[0], *([row[0], two(), *row[2:]] for row in crm[1:])])
    return (into / "report-generic.csv", into / "crm-generic.csv"), (make("100k", options) / "report.csv", folder / "crm.csv")


DENSE = {
    "domain": "50,000 accounts on one domain of one customer",
    "domain-group": "50,000 accounts on one domain of 300 customers",
    "generic": "100,000 customers and accounts of two generic words",
    "long-name": "a customer and an account with a name of 10,000 words",
}


# ------------------------------------------------------------------------------------------- runs
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


def match(reports, crm, options, threads=None):
    """The cheapest of several runs: CPU, wall, peak."""
    with tempfile.TemporaryDirectory(dir=options.cache) as folder:
        command = [options.program, "match", "--quiet", "--reports", *reports, "--crm", *crm]
        command += ["--out", pathlib.Path(folder) / "out"] + (["--threads", threads] if threads else [])
        return min(run(command) for _ in range(options.runs))


class Table:
    """The printed table, and what is beyond what is allowed."""

    def __init__(self, options):
        self.options, self.missed, self.figures = options, [], {}

    def head(self, columns):
        if self.options.markdown:
            print(f"\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
        else:
            print("\n" + "".join([f"{columns[0]:<56}", *(f"{column:>18}" for column in columns[1:])]))

    def line(self, cells):
        if self.options.markdown:
            print(f"| {' | '.join(cells)} |", flush=True)
        else:
            print("".join([f"{cells[0]:<56}", *(f"{cell:>18}" for cell in cells[1:])]), flush=True)

    def cell(self, what, value, allowed, form):
        """A figure, and what is allowed."""
        if allowed is None:
            return format(value, form)
        beyond = value > allowed
        self.missed += [what] if beyond else []
        return f"{value:{form}}{'!' if beyond else ''} (<= {allowed:{form}})"

    def task(self, name, reports, crm, allowed):
        floor = min(run([self.options.floor, *reports, *crm])[0] for _ in range(self.options.runs))
        cpu, wall, peak = self.figures[name] = match(reports, crm, self.options)
        size = sum(path.stat().st_size for path in [*reports, *crm]) / 1e6
        cpu_allowed, peak_allowed = allowed
        self.line([
            TITLES[name], f"{size:.0f}", f"{floor:.2f}", self.cell(f"{name} CPU", cpu, cpu_allowed, ".2f"),
            f"{wall:.2f}", self.cell(f"{name} memory", peak, peak_allowed, ".0f"), f"{cpu / floor:.1f}",
        ])


def allowed(name, figures):
    """CPU seconds and MB that a task may take."""
    if name in TIMES and TIMES[name][0] in figures:
        of, cpu, peak = TIMES[name]
        return figures[of][0] * cpu, figures[of][2] * peak
    if name in ABOVE and ABOVE[name][0] in figures:
        of, cpu, peak = ABOVE[name]
        return figures[of][0] + cpu, figures[of][2] + peak
    return MADE[name][3:] if name in MADE else (None, None)


def chosen(options):
    names = [*MADE, "six-reports", "threads", *DENSE]
    if options.only:
        return [name for name in names if any(fnmatch.fnmatch(name, glob) for glob in options.only)]
    if options.fast:
        return [name for name in names if name in FAST]
    return [name for name in names if name not in LONG]


def main():
    style = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=style, usage=argparse.SUPPRESS)
    parser.add_argument("tools", type=pathlib.Path, help="folder with make_task.py")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="folder for generated tasks")
    parser.add_argument("--fast", action="store_true", help="only the small task and the dense cases")
    parser.add_argument("--only", nargs="+", metavar="NAME", help=f"only these of {', '.join(MADE)},\nsix-reports, threads, {', '.join(DENSE)}; * and ? stand for others")
    parser.add_argument("--runs", type=int, default=3, help="runs per task (3)")
    parser.add_argument("--markdown", action="store_true", help="print tables for a document")
    parser.add_argument("--program", default="target/release/reconcile")
    parser.add_argument("--floor", default="target/release/examples/plain_pass")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    table, names = Table(options), chosen(options)
    version = subprocess.run([options.program, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"{version}, {os.cpu_count()} cores, least CPU of {options.runs} runs")
    whole = [name for name in names if name in TITLES]
    if whole:
        table.head(["task", "MB in", "floor CPU s", "CPU s", "wall s", "peak MB", "x floor"])
    for name in whole:
        folder = make("100k" if name == "six-reports" else name, options)
        reports = six_reports(folder) if name == "six-reports" else [folder / "report.csv"]
        crm = [path for path in (folder / "crm.csv", folder / "contacts.csv") if path.exists()]
        table.task(name, reports, crm, allowed(name, table.figures))
    if "threads" in names:
        folder = make("100k", options)
        walls = [match([folder / "report.csv"], [folder / "crm.csv"], options, str(n))[1] for n in (1, 2)]
        table.head(["threads on 100k x 1M", "1: wall s", "2: wall s", "times as fast"])
        faster = walls[0] / walls[1]
        table.missed += ["threads"] if faster < FASTER_WITH_TWO else []
        mark = "!" if faster < FASTER_WITH_TWO else ""
        table.line(["one thread and two", *(f"{wall:.2f}" for wall in walls), f"{faster:.2f}{mark} (>= {FASTER_WITH_TWO})"])
    crowded = [name for name in names if name in DENSE]
    if crowded:
        table.head(["dense case", "rows", "us per row", "normal", "x normal", "peak MB"])
    for name in crowded:
        (report, crm), (plain_report, plain_crm) = dense(name, options)
        cpu, _, peak = match([report], [crm], options)
        plain, _, _ = match([plain_report], [plain_crm], options)
        size = sum(len(rows(path)) - 1 for path in (report, crm))
        plain_size = sum(len(rows(path)) - 1 for path in (plain_report, plain_crm))
        ratio = (cpu / size) / (plain / plain_size)
        table.line([
            DENSE[name], str(size), f"{cpu / size * 1e6:.1f}", f"{plain / plain_size * 1e6:.1f}",
            table.cell(name, ratio, DENSE_AT_MOST, ".2f"), f"{peak:.0f}",
        ])
    print("\nall is within what is allowed" if not table.missed else "\nbeyond what is allowed: " + ", ".join(table.missed))
    return 1 if table.missed else 0


if __name__ == "__main__":
    csv.field_size_limit(1 << 30)
    sys.exit(main())
