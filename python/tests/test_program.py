"""The module as a user of Python has it: settings in, paths and figures out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

import crm_reconcile
from crm_reconcile import ReconcileError, _program, flags

SAMPLES = REPOSITORY / "samples"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"own_domain": "contoso.com"}, ["--own-domain=contoso.com"]),
        ({"own_domain": ["a.com", "b.com"]}, ["--own-domain=a.com", "--own-domain=b.com"]),
        ({"column": {"domain": "Web presence"}}, ["--column=domain=Web presence"]),
        ({"where": {"Size": "25-299"}}, ["--where=Size=25-299"]),
        ({"derived": True, "one_contact": False, "top": None}, ["--derived"]),
        ({"top": 25, "rules": Path("my-rules")}, ["--top=25", "--rules=my-rules"]),
        ({"cluster": ("Act Now", "-1")}, ["--cluster=Act Now", "--cluster=-1"]),
    ],
)
def test_settings_are_the_flags_of_the_program(settings: dict[str, object], expected: list[str]) -> None:
    assert flags(settings) == expected


def test_the_samples_are_linked(tmp_path: Path) -> None:
    said: list[str] = []
    run = crm_reconcile.match(
        reports=SAMPLES / "reports",
        crm=SAMPLES / "crm" / "salesforce",
        out=tmp_path / "result",
        as_of="2026-11-21",
        own_domain="varnholt-cloudpartner.de",
        results="parquet",
        progress=said.append,
    )
    listed = run.summary["results"]["contacts"]["listed"]
    assert listed > 0
    assert run.files["contacts.csv"].read_text(encoding="utf-8").count("\n") >= listed
    assert run.files["contacts.parquet"].is_file(), "wheels write Parquet"
    assert any(line.startswith("links decided") for line in said), said


def test_an_error_has_the_words_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ReconcileError) as raised:
        crm_reconcile.match(reports=tmp_path / "nope", crm=SAMPLES / "crm" / "hubspot", out=tmp_path / "out")
    assert raised.value.message.endswith("nope: no such file or folder")
    assert raised.value.hint == "check the spelling of the path"
    assert raised.value.status == 1
    assert not (tmp_path / "out").exists()
    with pytest.raises(ReconcileError) as raised:
        crm_reconcile.match(reports=SAMPLES / "reports", crm=SAMPLES / "crm" / "hubspot", out=tmp_path, cluster="Ripe")
    assert raised.value.status == 2


def test_the_module_is_the_program() -> None:
    ran = subprocess.run([sys.executable, "-m", "crm_reconcile", "--version"], capture_output=True, text=True)
    assert ran.returncode == 0 and ran.stdout.startswith("reconcile ") and "columnar" in ran.stdout, ran


@pytest.mark.skipif(os.name != "posix", reason="on Windows a temporary folder is one's own")
def test_a_program_that_others_could_have_left_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_program.tempfile, "gettempdir", lambda: str(tmp_path))
    own = _program._own_folder()
    assert own.stat().st_mode & 0o777 == 0o700
    own.chmod(0o777)
    with pytest.raises(PermissionError, match="others may have written to it"):
        _program._own_folder()
    own.rmdir()
    own.symlink_to(tmp_path)
    with pytest.raises(PermissionError, match="others may have written to it"):
        _program._own_folder()


def test_the_same_table_gives_the_same_links_as_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import csv
    import datetime
    import decimal

    import pyarrow.feather
    import pyarrow.parquet

    from conftest import World, same_results

    world = World(tmp_path, 1_000)

    def typed(path: Path, types: dict[str, object]) -> "pa.Table":
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = {
            name: pa.array([row[name] or None for row in rows]).cast(types.get(name, pa.string())) for name in rows[0]
        }
        table = pa.table(columns)
        nested = pa.array([[1, 2]] * len(rows))
        table = table.append_column("Tags", nested).append_column("Photo", pa.array([b"x"] * len(rows)))
        when = pa.array([datetime.datetime(2026, 1, 2, 3, 4, 5)] * len(rows))
        money = pa.array([decimal.Decimal("12.50")] * len(rows))
        return table.append_column("Created On", when).append_column("Revenue", money)

    report = typed(world.report, {"CustomerID": pa.decimal128(38, 10), "PostalCode": pa.int32()})
    accounts = typed(world.accounts, {"Billing Zip/Postal Code": pa.dictionary(pa.int32(), pa.string())})
    contacts = typed(world.contacts, {"Email Opt Out": pa.int8()})
    opted_out = pa.array([value == 1 for value in contacts["Email Opt Out"].to_pylist()])
    contacts = contacts.set_column(contacts.schema.get_field_index("Email Opt Out"), "Email Opt Out", opted_out)
    (tmp_path / "columns" / "accounts").mkdir(parents=True)
    for at in range(3):
        pa.parquet.write_table(accounts.slice(at * 400, 400), tmp_path / "columns" / "accounts" / f"part-{at}.parquet")
    pa.parquet.write_table(contacts, tmp_path / "columns" / "contacts.parquet", compression="zstd")
    pa.parquet.write_table(report, tmp_path / "Azure.parquet")
    crm_reconcile.match(
        reports=world.report.parent, accounts=world.accounts, contacts=world.contacts, out=tmp_path / "text", as_of="2026-11-21"
    )
    run = crm_reconcile.match(
        report={"azure": tmp_path / "Azure.parquet"},
        accounts=tmp_path / "columns" / "accounts",
        contacts=tmp_path / "columns" / "contacts.parquet",
        out=tmp_path / "typed",
        as_of="2026-11-21",
    )
    for name in ("links.csv", "review.csv", "contacts.csv", "suppressed.csv"):
        text, of_columns = ((tmp_path / of / name).read_text() for of in ("text", "typed"))
        assert text == of_columns, name
    notes = " ".join(run.summary["notes"])
    assert "Tags (a list)" in notes and "Photo (binary)" in notes, notes
    pa.feather.write_feather(accounts, str(tmp_path / "accounts.feather"), compression="lz4")
    crm_reconcile.match(
        reports=world.report.parent,
        accounts=tmp_path / "accounts.feather",
        contacts=world.contacts,
        out=tmp_path / "feather",
        as_of="2026-11-21",
    )
    same_results(tmp_path / "text", tmp_path / "feather")


ODD = ['Quellbrink "Werkzeug" GmbH', "Vossmoor\nLogistik", "Tarnwiese\tMedizin", "Adler; Söhne, Kiel", "𝔄utohaus 東京 🚗", "", None]


@pytest.mark.parametrize("form", ["parquet", "arrow", "arrows"])
def test_odd_text_is_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    pa = pytest.importorskip("pyarrow")
    import csv

    import pyarrow.parquet

    rows = [(f"A{at}", name, f"odd{at}.example.de") for at, name in enumerate(ODD)]
    report = tmp_path / "Azure.csv"
    accounts = tmp_path / "Accounts.csv"
    for path, header, prefix in [
        (report, ["CustomerID", "AccountName", "Domain", "AzureCluster"], "3000000"),
        (accounts, ["Account ID", "Account Name", "Website"], "A"),
    ]:
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(header)
            out.writerows([prefix + key[1:], name, site, "Act Now"][: len(header)] for key, name, site in rows)
    keys, names, sites = zip(*rows)
    table = pa.table({"Account ID": list(keys), "Account Name": pa.array(names, pa.large_string()), "Website": list(sites)})
    typed = tmp_path / f"accounts.{form}"
    if form == "parquet":
        pa.parquet.write_table(table, typed)
    else:
        with (pa.ipc.new_stream if form == "arrows" else pa.ipc.new_file)(str(typed), table.schema) as out:
            out.write_table(table)
    for name, path in [("text", accounts), ("typed", typed)]:
        crm_reconcile.match(reports=report, accounts=path, out=tmp_path / name, as_of="2026-11-21")
    for name in ("links.csv", "review.csv", "unmatched.csv"):
        assert (tmp_path / "text" / name).read_text("utf-8") == (tmp_path / "typed" / name).read_text("utf-8"), name
    links = (tmp_path / "text" / "links.csv").read_text("utf-8")
    assert all(f",A{at}," in links for at in range(4)), links


def test_a_damaged_table_of_columns_is_refused(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    path = tmp_path / "accounts.parquet"
    pa.parquet.write_table(pa.table({"Account ID": [str(at) for at in range(5000)], "Account Name": ["Adler"] * 5000}), path)
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:200] + b"\xff" * 200 + whole[400:]):
        path.write_bytes(damaged)
        with pytest.raises(ReconcileError, match="accounts.parquet: a damaged table of columns") as raised:
            crm_reconcile.match(reports=SAMPLES / "reports", accounts=path, out=tmp_path / "out")
        assert "write it again" in str(raised.value.hint)


def test_a_part_that_cannot_be_read_keeps_nobody_in_silence(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    for at, packed in enumerate(["snappy", "brotli"]):
        table = pa.table({"Account ID": [f"A{at}"], "Account Name": ["Adler"]})
        pa.parquet.write_table(table, tmp_path / f"part-{at}.parquet", compression=packed)
    for given in ({"crm": tmp_path}, {"accounts": tmp_path}):
        with pytest.raises(ReconcileError, match="part-1.parquet: .*brotli.*: nobody knows whom it keeps out"):
            crm_reconcile.match(reports=SAMPLES / "reports", out=tmp_path / "out", **given)


def test_days_of_times_are_those_of_their_zone(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import csv
    import datetime

    import pyarrow.parquet

    midnight = datetime.datetime(2027, 3, 1)
    for zone, hours, day in [
        (None, 0, "2027-03-01"),
        ("UTC", 0, "2027-03-01"),
        ("Europe/Berlin", -1, "2027-03-01"),
        ("America/New_York", 5, "2027-03-01"),
        ("+05:30", -5, "2027-03-01"),
        ("UTC", -1, "2027-02-28"),
    ]:
        ends = pa.array([midnight + datetime.timedelta(hours=hours)], pa.timestamp("us", zone))
        names = {"CustomerID": ["1"], "CustomerName": ["Adler"], "Agreement ID": ["V1"], "AzureCluster": ["Act Now"]}
        renewals = tmp_path / "AgreementRenewalsPropensity_2026-10.parquet"
        pa.parquet.write_table(pa.table({**names, "Agreement End Date": ends, "Expiring Revenue": [5]}), renewals)
        accounts = tmp_path / "Accounts.csv"
        accounts.write_text("Account ID,Account Name\n1,Adler\n")
        run = crm_reconcile.match(reports=renewals, accounts=accounts, out=tmp_path / "out", as_of="2026-11-21")
        with open(run.files["agreements.csv"], encoding="utf-8", newline="") as file:
            assert [row["end_date"] for row in csv.DictReader(file)] == [day], (zone, hours)


def test_results_as_parquet_have_the_columns_and_rows_of_the_text(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import csv

    import pyarrow.parquet

    run = crm_reconcile.match(
        reports=SAMPLES / "reports", crm=SAMPLES / "crm" / "dynamics", out=tmp_path / "out", as_of="2026-11-21", results="parquet"
    )
    for name in [name for name in run.files if name.endswith(".parquet")]:
        table = pyarrow.parquet.read_table(run.files[name])
        with open(run.files[name.replace(".parquet", ".csv")], encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert table.column_names == header and table.num_rows == len(rows), name
        for at, column in enumerate(header):
            values = table.column(at).to_pylist()
            for row, value in zip(rows, values):
                same = row[at] == str(value) or (row[at] == "" and value is None) or float(row[at]) == float(value)
                assert same, f"{name} {column}: {row[at]!r} {value!r}"
    links = pyarrow.parquet.read_schema(run.files["links.parquet"])
    assert str(links.field("similarity").type) == "double"
    agreements = pyarrow.parquet.read_schema(run.files["agreements.parquet"])
    assert str(agreements.field("end_date").type) == "date32[day]"


@pytest.mark.parametrize("log", ["_delta_log", ".hoodie"])
def test_tables_with_versions_are_refused(tmp_path: Path, log: str) -> None:
    (tmp_path / "accounts" / log).mkdir(parents=True)
    (tmp_path / "accounts" / "part-0.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReconcileError, match="rows that were deleted or replaced") as raised:
        crm_reconcile.match(reports=SAMPLES / "reports", crm=tmp_path, out=tmp_path / "out")
    assert "write.parquet" in str(raised.value.hint)


def test_columns_that_stand_in_names_of_folders_are_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    folder = tmp_path / "accounts" / "Billing City=K%C3%B6ln"
    folder.mkdir(parents=True)
    table = pa.table({"Account ID": ["1"], "Account Name": ["Quellbrink Werkzeugbau"]})
    pa.parquet.write_table(table, folder / "part-0.parquet")
    report = tmp_path / "Azure.csv"
    report.write_text("CustomerID,AccountName,City,AzureCluster\n30000001,Quellbrink Werkzeugbau,Köln,Act Now\n", "utf-8")
    run = crm_reconcile.match(reports=report, accounts=tmp_path / "accounts", out=tmp_path / "out")
    links = run.files["links.csv"].read_text("utf-8")
    assert "place agrees" in links, links
