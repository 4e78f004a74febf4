"""Links the customers of Microsoft CloudAscent reports with CRM accounts: the program `reconcile`, from Python.

    >>> import crm_reconcile
    >>> run = crm_reconcile.match(reports="reports/", crm="crm/", out="result", own_domain="contoso.com")
    >>> run.summary["results"]["contacts"]["listed"]
    >>> run.files["contacts.csv"]

Everything is done by the program, in a process of its own; this module hands it the settings and
reads what it says. `crm_reconcile.spark` does the same where the CRM is a table of Spark.
"""

from ._program import ReconcileError, Run, find_binary, flags, match, run

__all__ = ["ReconcileError", "Run", "find_binary", "flags", "match", "run"]
