#!/usr/bin/env python3
"""Makes the pictures of the README from the samples (docs/summary.png, docs/review.png,
docs/browser-review.png, docs/browser-lists.png) and the
icon of the Windows program from its drawing.

Needs chromium, libreoffice, pdftoppm (poppler-utils) and ImageMagick's convert.

    scripts/pictures.py target/release/reconcile
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from chromium import Browser, pages

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Columns of the review sheet in the picture, with their width in letters; the others are hidden.
WIDTHS = {
    "Decision": 11, "Customer (report)": 29, "Account (CRM)": 31, "What to decide": 56,
    "Domain (report)": 23, "Domain (CRM)": 25, "City (report)": 13, "City (CRM)": 13,
    "Best cluster": 13, "Expiring revenue": 13,
}
ROWS = 16


def run(*args, **kwargs):
    subprocess.run([str(arg) for arg in args], check=True, stdout=subprocess.DEVNULL, **kwargs)


def summary(page, out, folder):
    shot = folder / "page.png"
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={folder / 'browser'}", f"--screenshot={shot}",
        "--window-size=1000,1560", f"file://{page}", stderr=subprocess.DEVNULL)
    run("convert", shot, "-strip", "+dither", "-colors", "64", out)


def for_print(book, copy):
    """A copy of a workbook that prints on one page: columns of WIDTHS, the first ROWS rows."""
    source, target = zipfile.ZipFile(book), zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED)
    for name in source.namelist():
        data = source.read(name)
        if name == "xl/worksheets/sheet1.xml":
            data = sheet(data.decode()).encode()
        target.writestr(name, data)
    target.close()


def sheet(text):
    header = re.search(r"<row r=\"1\".*?</row>", text, re.S).group()
    names = re.findall(r"<t[^>]*>(.*?)</t>", header)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{WIDTHS.get(name, 1)}" customWidth="1" '
        f'hidden="{int(name not in WIDTHS)}"/>'
        for at, name in enumerate(names, 1))
    text = re.sub(r"<cols>.*?</cols>", f"<cols>{columns}</cols>", text, flags=re.S)
    rows = re.findall(r"<row .*?</row>", text, re.S)[:ROWS]
    text = re.sub(r"<sheetData>.*</sheetData>",
                  lambda _: "<sheetData>" + "".join(rows) + "</sheetData>", text, flags=re.S)
    text = re.sub(r'fitToWidth="\d+"', 'fitToWidth="1"', text)
    text = re.sub(r"<headerFooter>.*?</headerFooter>", "", text)
    return text.replace("<pageMargins", '<printOptions gridLines="1" headings="1"/><pageMargins', 1)


def review(book, out, folder):
    copy = folder / "review.xlsx"
    for_print(book, copy)
    run("soffice", "--headless", f"-env:UserInstallation=file://{folder / 'office'}",
        "--convert-to", "pdf", "--outdir", folder, copy, stderr=subprocess.DEVNULL)
    run("pdftoppm", "-r", "150", "-png", "-singlefile", folder / "review.pdf", folder / "review")
    run("convert", folder / "review.png", "-trim", "-bordercolor", "white", "-border", "12",
        "-strip", "+dither", "-colors", "32", out)


def browser(program, out, folder):
    """The work place in the middle of a review, and two campaigns with the people that they reach."""
    served, link = pages(program.resolve(), out, "--reviewer", "Kim")
    base = link.split("/enter/")[0]
    try:
        with Browser(1300, 820) as chromium:
            chromium.go(link)
            chromium.go(f"{base}/review")
            chromium.wait_for("document.querySelector('#panel [data-at]')")
            picture(chromium, "browser-review.png", folder)
            chromium.go(f"{base}/lists")
            chromium.eval("[0, 5].forEach((at) => document.querySelectorAll('[name=pick]')[at].click())")
            chromium.eval("document.querySelector('#preview').click()")
            chromium.wait_for("!document.querySelector('#preview-place').hidden")
            picture(chromium, "browser-lists.png", folder)
    finally:
        served.kill()


def picture(chromium, name, folder):
    chromium.picture(folder / name)
    run("convert", folder / name, "-strip", "+dither", "-colors", "64", ROOT / "docs" / name)


def icon(drawing, out, folder):
    page, shot = folder / "icon.html", folder / "icon.png"
    page.write_text(f'<body style="margin:0">{drawing.read_text()}</body>')
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={folder / 'browser'}", "--default-background-color=00000000",
        f"--screenshot={shot}", "--window-size=256,256", f"file://{page}", stderr=subprocess.DEVNULL)
    run("convert", shot, "-strip", "-define", "icon:auto-resize=256,64,48,32,16", out)


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/reconcile")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ran = subprocess.run([
            program.resolve(), "match", "--reports", "samples/reports", "--crm",
            "samples/crm/salesforce", "--out", str(folder / "out"), "--as-of", "2026-11-21",
            "--own-domain", "varnholt-cloudpartner.de", "--language", "en", "--quiet"], cwd=ROOT, check=False)
        if ran.returncode not in (0, 3):
            sys.exit("the run over the samples failed")
        summary(folder / "out/summary.html", ROOT / "docs/summary.png", folder)
        review(folder / "out/review.xlsx", ROOT / "docs/review.png", folder)
        browser(program, folder / "out", folder)
        windows = ROOT / "packaging/windows"
        icon(windows / "reconcile.svg", windows / "reconcile.ico", folder)
        shutil.rmtree(folder / "browser", ignore_errors=True)


if __name__ == "__main__":
    main()
