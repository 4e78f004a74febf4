#!/usr/bin/env python3
"""Makes the deals of `samples/`: some 200, one truth, as each CRM exports it. All invented.

    scripts/sample_deals.py

Writes `Opportunity.csv` of Salesforce, `Verkaufschancen.csv` of Dynamics 365 and the export of all deals of
HubSpot, from the accounts of each sample; the same number (ERP) names the same account in all three. The numbers are
drawn from a fixed seed: the same files come out each time.
"""

import csv
import datetime
import random
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

CRM = Path(__file__).resolve().parent.parent / "samples" / "crm"
REPORTS = CRM.parent / "reports"
PRODUCTS = [  # product, and what a deal of it is called
    ("Azure", "Azure landing zone"),
    ("Azure VMware Solution", "Leave VMware"),
    ("Microsoft 365 E5", "Move to E5"),
    ("Microsoft 365 Copilot", "Copilot for 50"),
    ("Dynamics 365 Business Central", "New ERP"),
    ("Surface Laptop", "Laptops"),
    ("Defender for Business", "Endpoint protection"),
    ("", "Consulting"),  # nobody has said what it is about
]
FIRST, LAST = datetime.date(2026, 6, 15), datetime.date(2026, 11, 18)


def rows(path, **how):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, **how))


def dynamics_accounts():
    """The accounts of the workbook: name by ERP number."""
    book = zipfile.ZipFile(CRM / "dynamics" / "Accounts.xlsx")
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    lines = []
    for row in ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{name}row"):
        cells = {}
        for cell in row.iter(f"{name}c"):
            text = "".join(part.text or "" for part in cell.iter(f"{name}t"))
            cells[re.match("[A-Z]+", cell.get("r")).group()] = text
        lines.append(cells)
    return {line["E"]: line["D"] for line in lines[1:] if line.get("E")}


def buyers():
    """Domains of customers that a report calls Act Now: they buy more often here."""
    eager = set()
    for path in REPORTS.glob("*.csv"):
        for row in rows(path):
            row = {key: cell or "" for key, cell in row.items() if key}  # some rows are damaged on purpose
            domain = next((row[key] for key in row if "domain" in key.lower()), "")
            words = [row[key].lower() for key in row if key.endswith("Cluster")]
            if domain and any(word in ("act now", "jetzt handeln") for word in words):
                eager.add(domain.removeprefix("www.").lower())
    return eager


def truth(draw, accounts, eager):
    """The deals: account, product, days, how each ended, what it is worth."""
    deals = []
    while len(deals) < 200:
        account = draw.choice(accounts)
        domain = re.sub(r"^(https?://)?(www\.)?|/.*$", "", account["Website"].lower())
        is_eager = domain in eager
        if not is_eager and draw.random() < 0.4:
            continue  # less often offered anything
        product, topic = draw.choice(PRODUCTS)
        created = FIRST + datetime.timedelta(days=draw.randrange((LAST - FIRST).days + 1))
        closed = created + datetime.timedelta(days=draw.randrange(5, 70))
        state = draw.choices(["won", "lost", "open"], [50, 20, 30] if is_eager else [20, 45, 35])[0]
        if closed > datetime.date(2026, 11, 20):
            state = "open"
        deals.append({
            "number": len(deals) + 1,
            "account": account,
            "name": f"{account['Name']} - {topic}",
            "product": product,
            "created": created,
            "closed": closed,
            "state": state,
            "amount": draw.randrange(20, 900) * 100,
            "currency": "USD" if account["BillingCountry"] == "United States" else "EUR",
        })
    return deals


def letters(draw, length):
    return "".join(draw.choice("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz") for _ in range(length))


def salesforce_id(draw):
    short = "006Qy0000" + letters(draw, 6)
    bits = ["".join("1" if c.isupper() else "0" for c in reversed(short[at:at + 5])) for at in (0, 5, 10)]
    return short + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[int(bit, 2)] for bit in bits)


def salesforce(draw, deals):
    stages = {"won": ["Closed Won"], "lost": ["Closed Lost"],
              "open": ["Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review"]}
    with open(CRM / "salesforce" / "Opportunity.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        out.writerow(["Id", "IsDeleted", "AccountId", "Name", "StageName", "Amount", "CurrencyIsoCode", "Probability",
                      "CloseDate", "Type", "IsClosed", "IsWon", "OwnerId", "CreatedDate", "SystemModstamp",
                      "Product_Line__c"])
        for deal in deals:
            state = deal["state"]
            out.writerow([salesforce_id(draw), 0, deal["account"]["Id"], deal["name"], draw.choice(stages[state]),
                          deal["amount"], deal["currency"], {"won": 100, "lost": 0}.get(state, 40), deal["closed"],
                          "New Business", int(state != "open"), int(state == "won"), deal["account"]["OwnerId"],
                          f"{deal['created']} 09:00:00", f"{deal['created']} 09:00:00", deal["product"]])
        deal = deals[0]
        out.writerow([salesforce_id(draw), 1, deal["account"]["Id"], "Entered twice", "Closed Won", 99900, "EUR", 100,
                      deal["closed"], "New Business", 1, 1, deal["account"]["OwnerId"],
                      f"{deal['created']} 09:00:00", f"{deal['created']} 09:00:00", "Azure"])


def dynamics(draw, deals, names):
    words = {"won": ("Gewonnen", "Gewonnen"), "lost": ("Verloren", "Storniert"), "open": ("Offen", "In Bearbeitung")}
    day = lambda date: date.strftime("%d.%m.%Y")
    money = lambda amount: f"{amount:,}".replace(",", ".") + ",00"
    with open(CRM / "dynamics" / "Verkaufschancen.csv", "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerow(["(Nicht ändern) Verkaufschance", "(Nicht ändern) Zeilenprüfsumme", "(Nicht ändern) Geändert am",
                      "Thema", "Potenzieller Kunde", "Status", "Statusgrund", "Gesch. Abschlussdatum",
                      "Tats. Abschlussdatum", "Gesch. Umsatz", "Tats. Umsatz", "Währung", "Produkt", "Erstellt am"])
        for deal in deals:
            name = names.get(deal["account"]["AccountNumber"])
            if name is None:
                continue
            state = deal["state"]
            key = "-".join("%0*x" % (length, draw.getrandbits(length * 4)) for length in (8, 4, 4, 4, 12))
            out.writerow([key, letters(draw, 24), f"{day(deal['created'])} 09:00", deal["name"], name, *words[state],
                          day(deal["closed"]), "" if state == "open" else day(deal["closed"]), money(deal["amount"]),
                          money(deal["amount"]) if state == "won" else "",
                          {"EUR": "Euro", "USD": "US-Dollar"}[deal["currency"]], deal["product"],
                          f"{day(deal['created'])} 09:00"])


def hubspot(draw, deals):
    companies = {row["ERP number"]: row for row in rows(next((CRM / "hubspot").glob("*companies*.csv")))}
    stages = {"won": "Closed won", "lost": "Closed lost", "open": "Contract sent"}
    path = CRM / "hubspot" / "hubspot-crm-exports-all-deals-2026-11-20.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        out.writerow(["Record ID", "Deal Name", "Deal Stage", "Close Date", "Deal owner", "Amount", "Currency",
                      "Create Date", "Pipeline", "Product line", "Associated Company IDs", "Associated Company"])
        for deal in deals:
            company = companies.get(deal["account"]["AccountNumber"])
            if company is None:
                continue
            out.writerow([draw.randrange(10**10, 10**11), deal["name"], f"{stages[deal['state']]} (Sales Pipeline)",
                          f"{deal['closed']} 17:00", company["Company owner"], deal["amount"], deal["currency"],
                          f"{deal['created']} 09:00", "Sales Pipeline", deal["product"], company["Record ID"],
                          company["Company name"]])


def main():
    draw = random.Random(25)
    accounts = [row for row in rows(CRM / "salesforce" / "Account.csv") if row["IsDeleted"] == "0"]
    accounts.sort(key=lambda row: row["Id"])
    deals = truth(draw, accounts, buyers())
    salesforce(draw, deals)
    dynamics(draw, deals, dynamics_accounts())
    hubspot(draw, deals)


if __name__ == "__main__":
    main()
