"""What the tests of the package share. `RECONCILE_BINARY` names the program where it is not installed."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Optional

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

WORDS = ["Quellbrink", "Vossmoor", "Tarnwiese", "Brommelkamp", "Rautenstrunk", "Murmelstein", "Kiebitz", "Adler"]
KINDS = ["Werkzeugbau", "Logistik", "Autohaus", "Medizintechnik", "Steuerberatung", "Gasthof"]
TOWNS = [("Ulm", "89073"), ("Kiel", "24103"), ("Bonn", "53111"), ("Fulda", "36037")]

RESULTS = [
    "customers.csv",
    "contacts.csv",
    "links.csv",
    "review.csv",
    "unmatched.csv",
    "agreements.csv",
    "suppressed.csv",
    "changes.csv",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accounts", type=int, default=200_000, help="accounts of the CRM that Spark cuts")


class World:
    """A report and a CRM in which one account in fifty is a customer's; the same for the same size.
    Each account has two contacts, unless another number is said for all."""

    def __init__(self, folder: Path, accounts: int, contacts: Optional[int] = None) -> None:
        self.folder, self.dice = folder, random.Random(accounts)
        self.accounts, self.contacts = folder / "Accounts.csv", folder / "Contacts.csv"
        self.report = folder / "reports" / "Azure.csv"
        self.report.parent.mkdir(parents=True)
        self._write(self.report, self._customers(accounts // 50))
        self._write(self.accounts, self._accounts(accounts))
        self._write(self.contacts, self._contacts(2 * accounts if contacts is None else contacts))

    def _write(self, path: Path, rows: list[list[object]]) -> None:
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def _company(self, number: int) -> tuple[str, str, tuple[str, str]]:
        word, kind = WORDS[number % 8], KINDS[number // 8 % 6]
        return f"{word}{number // 48} {kind}", f"{word.lower()}{number}.de", TOWNS[number % 4]

    def _customers(self, count: int) -> list[list[object]]:
        rows: list[list[object]] = [
            ["CustomerID", "AccountName", "Domain", "City", "PostalCode", "Country", "AzureCluster"]
        ]
        for at in range(count):
            name, domain, (city, code) = self._company(at)
            cluster = self.dice.choice(["Act Now", "Evaluate", "Nurture"])
            rows.append([30_000_000 + at, f"{name} GmbH", domain if at % 3 else "", city, code, "Germany", cluster])
        return rows

    def _accounts(self, count: int) -> list[list[object]]:
        rows: list[list[object]] = [
            ["Account ID", "Account Name", "Website", "Billing City", "Billing Zip/Postal Code", "Billing Country", "Email Opt Out"]
        ]
        for at in range(count):
            # each 50th is a customer, some are there twice, some share a word or a domain with one
            number = at // 50 if at % 50 == 0 else count + at if at % 7 else self.dice.randrange(count // 50)
            name, domain, (city, code) = self._company(number)
            name = name if at % 50 == 0 or at % 7 else f"{name.split()[0]} {self.dice.choice(KINDS)}"
            site = f"www.{domain}" if at % 50 == 0 or at % 14 == 0 else ""
            quoted = f'{name} "{city}"' if at % 101 == 0 else name
            rows.append([f"A{at:07}", quoted, site, city, code, "Germany", int(at % 997 == 0)])
        self.dice.shuffle(body := rows[1:])
        return [rows[0], *body]

    def _contacts(self, count: int) -> list[list[object]]:
        rows: list[list[object]] = [
            ["Contact ID", "Account ID", "First Name", "Last Name", "Email", "Email Opt Out"]
        ]
        for at in range(count):
            # some people are there twice, and some of their other records deny
            person = at if at % 40 else self.dice.randrange(max(1, at))
            account = person // 2
            _, domain, _ = self._company(account // 50 if account % 50 == 0 else count + person)
            owner = f"A{at // 2:07}" if at % 301 else "X1"
            rows.append([f"P{at:07}", owner, "Ann", f"Ahrens{person}", f"p{person}@{domain}", int(at % 11 == 0)])
        self.dice.shuffle(body := rows[1:])
        return [rows[0], *body]


def in_parts(path: Path, parts: int) -> Path:
    """A CSV file as a folder of so many files of Parquet; a blank is null."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    folder = path.with_suffix(f".{parts}")
    if not folder.exists():
        with open(path, encoding="utf-8") as file:
            header = file.readline().strip().split(",")
        types = {column: pa.string() for column in header}
        convert = pa.csv.ConvertOptions(column_types=types, strings_can_be_null=True)
        parse = pa.csv.ParseOptions(newlines_in_values=True)
        rows = pa.csv.read_csv(path, parse_options=parse, convert_options=convert)
        folder.mkdir()
        size = -(-rows.num_rows // parts)
        for at in range(parts):
            pa.parquet.write_table(rows.slice(at * size, size), folder / f"part-{at:05}.parquet")
    return folder


def same_results(one: Path, other: Path) -> None:
    """Fails where the results of two runs differ in a byte that is not a file's name or a time."""
    for name in RESULTS:
        left, right = (one / name).read_bytes(), (other / name).read_bytes()
        if left != right:
            lines = zip(left.splitlines(), right.splitlines())
            first = next(((a, b) for a, b in lines if a != b), (len(left), len(right)))
            pytest.fail(f"{name} differs: {first}")
    figures = [json.loads((of / "summary.json").read_text())["results"] for of in (one, other)]
    assert figures[0] == figures[1]
    links = (one / "links.csv").read_text().count("\n")
    assert links > 1, "a run that links nothing proves nothing"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> World:
    return World(tmp_path_factory.mktemp("world"), request.config.getoption("--accounts"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("small"), 20_000)


def one_machine(world: World) -> Path:
    """The results of one machine."""
    import crm_reconcile

    out = world.folder / "whole"
    crm_reconcile.match(
        reports=world.report.parent, accounts=world.accounts, contacts=world.contacts, out=out, as_of="2026-11-21"
    )
    return out


@pytest.fixture(scope="session")
def whole(world: World) -> Path:
    return one_machine(world)


@pytest.fixture(scope="session")
def small_whole(small: World) -> Path:
    return one_machine(small)
