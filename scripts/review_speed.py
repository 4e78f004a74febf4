#!/usr/bin/env python3
"""Prints how fast the work place in the browser is with many customers in review, and what it holds.

usage: scripts/review_speed.py PROGRAM [CUSTOMERS]

Makes a run with so many doubtful customers (100,000), each with two accounts that are equally good,
and serves it. In Chromium: from a key press until the next record stands there, from the choice of a
filter until its page stands there, and the memory of the page and of the program. Of 200 key presses
and 20 filters the median, the slowest of twenty, and the worst. Needs Linux.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

from chromium import Browser, pages

PARTS = ["bra", "kel", "mon", "tus", "wig", "dor", "fen", "hul", "nar", "pok", "sil", "zed"]
COUNTRIES = ["Germany", "France", "Austria", "Japan", "Spain"]
CLUSTERS = ["Act Now", "Evaluate", "Nurture", "Educate"]


def name(at):
    word = "Q"
    for _ in range(5):
        word += PARTS[at % len(PARTS)]
        at //= len(PARTS)
    return word


def write(folder, customers):
    with open(folder / "Azure.csv", "w", encoding="utf-8") as report, \
         open(folder / "Accounts.csv", "w", encoding="utf-8") as accounts:
        report.write("CustomerID,AccountName,Domain,City,Country,AzureCluster\n")
        accounts.write("Account ID,Account Name,Website,Billing City,Billing Country,Owner\n")
        for at in range(customers):
            country, cluster = COUNTRIES[at % 5], CLUSTERS[at % 4]
            report.write(f"{30_000_000 + at},{name(at)} GmbH,,,{country},{cluster}\n")
            for twin, city in enumerate(["Ulm", "Kiel"]):
                accounts.write(f"001{at:07}{twin},{name(at)} GmbH,,{city},{country},Owner {at % 50}\n")


def told(what, seconds):
    seconds = sorted(of * 1000 for of in seconds)
    at = lambda share: seconds[min(int(len(seconds) * share), len(seconds) - 1)]
    print(f"{what:<28} median {at(.5):6.0f} ms, slowest of twenty {at(.95):6.0f} ms, worst {seconds[-1]:6.0f} ms")


def keys(browser, count):
    """From the key to the moment at which the next customer stands in the panel, in the page itself."""
    taken = []
    for _ in range(count):
        before = browser.eval("document.querySelector('#panel [data-at]').dataset.at")
        browser.eval("""window.shown = new Promise((done) => {
            const begun = performance.now();
            new MutationObserver((_, own) => {
                own.disconnect();
                requestAnimationFrame(() => done(performance.now() - begun));
            }).observe(document.querySelector('#panel'), { childList: true });
            window.begun = begun;
        }); 0""")
        browser.press("j")
        taken.append(browser.eval("window.shown") / 1000)
        browser.wait_for(f"document.querySelector('#panel [data-at]').dataset.at !== '{before}'")
    return taken


def memory(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1e3 for line in status.splitlines() if line.startswith("VmRSS"))


def main():
    program, customers = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(folder, customers)
        subprocess.run([program, "match", "--reports", folder / "Azure.csv", "--accounts",
                        folder / "Accounts.csv", "--out", folder / "out", "--quiet"], check=False)
        begun = time.monotonic()
        served, link = pages(program, folder / "out")
        print(f"{'opened in':<28} {(time.monotonic() - begun) * 1000:.0f} ms")
        try:
            with Browser(1300, 900) as browser:
                measure(browser, link, served)
        finally:
            served.kill()


def measure(browser, link, served):
    base = link.split("/enter/")[0]
    ready = "document.querySelector('#panel [data-at]')"
    browser.go(link)
    browser.go(f"{base}/review")
    browser.wait_for(ready)
    told("next record", keys(browser, 200))
    taken = []
    for at in range(20):
        wanted = [f"cluster={CLUSTERS[at % 4].replace(' ', '+')}", f"country={COUNTRIES[at % 5]}",
                  f"q={name(at * 17)[1:7]}", f"owner=Owner+{at}"][at % 4]
        begun = time.monotonic()
        browser.go(f"{base}/review?queue=open&{wanted}")
        browser.wait_for(f"{ready} || document.querySelector('.empty')")
        taken.append(time.monotonic() - begun)
    told("filter", taken)
    begun = []
    browser.go(f"{base}/review")
    browser.wait_for(ready)
    for _ in range(50):
        before = browser.eval("document.querySelector('#panel [data-at]').dataset.at")
        at = time.monotonic()
        browser.press("0")
        browser.wait_for(f"document.querySelector('#panel [data-at]')?.dataset.at !== '{before}'")
        begun.append(time.monotonic() - at)
    told("decision and next record", begun)
    print(f"{'memory of the page':<28} {browser.megabytes():.0f} MB, of it script {browser.script_megabytes():.0f} MB")
    print(f"{'memory of the program':<28} {memory(served.pid):.0f} MB")


if __name__ == "__main__":
    main()
