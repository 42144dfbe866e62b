"""Reports: all values are texts, as in Xero (facts file section 8)."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from .. import wire
from ..errors import BadRequest, NotFound
from .base import ReadOnly
from .reference import CLASSES


def _text(amount):
    return str(amount.quantize(Decimal("0.01")))


def _long(day):
    return f"{day.day} {day.strftime('%B %Y')}"


def _cells(*values, attribute=None):
    cells = [{"Value": value} for value in values]
    if attribute:
        name, value = attribute
        for cell in cells:
            cell["Attributes"] = [{"Value": value, "Id": name}]
    return cells


def _row(*values, kind="Row", attribute=None):
    return {"RowType": kind, "Cells": _cells(*values, attribute=attribute)}


def _section(title, rows):
    return {"RowType": "Section", "Title": title, "Rows": rows}


def _day(args, name, default):
    if not args.get(name):
        return default
    try:
        return date.fromisoformat(args[name][:10])
    except ValueError:
        raise BadRequest(f"{name} is not a valid date") from None


class Reports(ReadOnly):
    """ProfitAndLoss, BankSummary and AgedReceivablesByContact."""

    name = "Reports"

    def dispatch(self, ctx, method, parts):
        """One report by its name."""
        makers = {
            "profitandloss": self._profit_and_loss,
            "banksummary": self._bank_summary,
            "agedreceivablesbycontact": self._aged_receivables,
        }
        if method != "GET" or len(parts) != 1 or parts[0].lower() not in makers:
            raise NotFound()
        return makers[parts[0].lower()](ctx)

    def _report(self, ctx, kind, name, titles, rows):
        today = ctx.org.today()
        report = {
            "ReportID": kind,
            "ReportName": name,
            "ReportType": kind,
            "ReportTitles": titles,
            "ReportDate": _long(today),
            "UpdatedDateUTC": wire.ms_datetime(ctx.xero.now, offset=False),
            "Fields": [],
            "Rows": rows,
        }
        return self.answer(ctx, [report])

    def _period(self, ctx):
        today = ctx.org.today()
        start = _day(ctx.args, "fromDate", today.replace(day=1))
        return start, _day(ctx.args, "toDate", today)

    # --- profit and loss --------------------------------------------------------

    def _profit_and_loss(self, ctx):
        start, end = self._period(ctx)
        amounts = self._by_account(ctx.org, start, end)
        sections, sums = [], {}
        for title, wanted in (("Income", "REVENUE"), ("Less Expenses", "EXPENSE")):
            rows, total = [], Decimal(0)
            for account, amount in amounts.items():
                record = ctx.org.accounts[account]
                if CLASSES[record["Type"]] == wanted:
                    attribute = ("account", account)
                    rows.append(
                        _row(record["Name"], _text(amount), attribute=attribute)
                    )
                    total += amount
            rows.append(_row(f"Total {title}", _text(total), kind="SummaryRow"))
            sections.append(_section(title, rows))
            sums[wanted] = total
        profit = sums["REVENUE"] - sums["EXPENSE"]
        sections.append(_section("", [_row("Net Profit", _text(profit))]))
        header = {"RowType": "Header", "Cells": _cells("", _long(end))}
        titles = ["Profit & Loss", ctx.org.name, f"{_long(start)} to {_long(end)}"]
        rows = [header, *sections]
        return self._report(ctx, "ProfitAndLoss", "Profit and Loss", titles, rows)

    def _by_account(self, org, start, end):
        """Amounts without tax in base currency by account id (accrual basis)."""
        amounts = defaultdict(Decimal)
        documents = [(d, 1) for d in org.invoices.values()]
        documents += [(d, -1) for d in org.credit_notes.values()]
        for document, sign in documents:
            day = wire.day_of(document["Date"])
            if (
                document["Status"] not in ("AUTHORISED", "PAID")
                or not start <= day <= end
            ):
                continue
            rate = document["CurrencyRate"]
            inclusive = document["LineAmountTypes"] == "Inclusive"
            for line in document["LineItems"]:
                if "AccountID" in line:
                    net = line["LineAmount"] - (line["TaxAmount"] if inclusive else 0)
                    amounts[line["AccountID"]] += sign * net / rate
        return amounts

    # --- bank summary -----------------------------------------------------------

    def _bank_summary(self, ctx):
        start, end = self._period(ctx)
        rows, sums = [], [Decimal(0)] * 4
        for account in ctx.org.accounts.values():
            if account["Type"] != "BANK":
                continue
            values = self._bank(ctx.org, account["AccountID"], start, end)
            texts = (_text(value) for value in values)
            attribute = ("accountID", account["AccountID"])
            rows.append(_row(account["Name"], *texts, attribute=attribute))
            sums = [one + two for one, two in zip(sums, values, strict=True)]
        rows.append(_row("Total", *(_text(s) for s in sums), kind="SummaryRow"))
        names = ("Opening Balance", "Cash Received", "Cash Spent", "Closing Balance")
        header = {"RowType": "Header", "Cells": _cells("Bank Accounts", *names)}
        titles = [
            "Bank Summary",
            ctx.org.name,
            f"From {_long(start)} to {_long(end)}",
        ]
        rows = [header, _section("", rows)]
        return self._report(ctx, "BankSummary", "Bank Summary", titles, rows)

    def _bank(self, org, account_id, start, end):
        opening = received = spent = Decimal(0)
        for payment in org.payments.values():
            same = payment["Account"]["AccountID"] == account_id
            if payment["Status"] != "AUTHORISED" or not same:
                continue
            day, amount = wire.day_of(payment["Date"]), payment["Amount"]
            incoming = payment["PaymentType"] in ("ACCRECPAYMENT", "APCREDITPAYMENT")
            if day < start:
                opening += amount if incoming else -amount
            elif day <= end and incoming:
                received += amount
            elif day <= end:
                spent += amount
        return [opening, received, spent, opening + received - spent]

    # --- aged receivables ---------------------------------------------------------

    def _aged_receivables(self, ctx):
        org = ctx.org
        contact_id = ctx.args.get("contactId", "").lower()
        if not contact_id:
            raise BadRequest("The contactId parameter is required", 10)
        if contact_id not in org.contacts:
            raise NotFound()
        today = _day(ctx.args, "date", org.today())
        start = _day(ctx.args, "fromDate", today - timedelta(days=365))
        end = _day(ctx.args, "toDate", today)
        rows, sums = [], [Decimal(0)] * 4
        for invoice in org.invoices.find("contact", contact_id):
            day = wire.day_of(invoice["Date"])
            if invoice["Type"] != "ACCREC" or invoice["Status"] != "AUTHORISED":
                continue
            if not start <= day <= end:
                continue
            values = [
                invoice[name]
                for name in ("Total", "AmountPaid", "AmountCredited", "AmountDue")
            ]
            sums = [one + two for one, two in zip(sums, values, strict=True)]
            rows.append(self._aged_row(invoice, day, today, values))
        rows.append(
            _row("Total", "", "", "", *(_text(s) for s in sums), kind="SummaryRow")
        )
        names = ("Date", "Number", "Due Date", "", "Total", "Paid", "Credited", "Due")
        header = {"RowType": "Header", "Cells": _cells(*names)}
        titles = [
            "Invoices",
            org.contacts[contact_id]["Name"],
            f"From {_long(start)} to {_long(end)}",
            f"Showing payments to {_long(today)}",
        ]
        kind, name = "AgedReceivablesByContact", "Aged Receivables By Contact"
        return self._report(ctx, kind, name, titles, [header, _section("", rows)])

    def _aged_row(self, invoice, day, today, values):
        due = wire.day_of(invoice.get("DueDate")) or day
        late = (today - due).days
        return _row(
            f"{day.isoformat()} 00:00:00",
            invoice["InvoiceNumber"],
            f"{due.isoformat()} 00:00:00",
            f"{late} days overdue" if late > 0 else "",
            *(_text(value) for value in values),
            attribute=("invoiceID", invoice["InvoiceID"]),
        )
