"""What the client sends, and how it reads pages and elements."""

import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from scripted_server import Answer, ScriptedServer
from xero_api import RESOURCES, XeroClient, XeroNotFoundError, XeroTransientError
from xero_api.answers import server_time

ID = "11111111-2222-3333-4444-555555555555"
OTHER = "99999999-2222-3333-4444-555555555555"
ZERO = "00000000-0000-0000-0000-000000000000"


def client(server):
    return XeroClient("access-token", "the-tenant", api_url=server.url)


def documents(resource, *rows, headers=None, **extra):
    key = RESOURCES[resource].collection
    return Answer(body={key: list(rows), **extra}, headers=headers or {})


# Reading


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_resource_is_read_at_its_address(resource):
    with ScriptedServer(documents(resource)) as server:
        page = client(server).get_page(resource)
        seen = server.last
    assert page.items == ()
    assert page.is_last
    assert (seen.method, seen.path) == ("GET", f"/api.xro/2.0/{resource}")
    assert seen.headers["xero-tenant-id"] == "the-tenant"
    assert seen.headers["authorization"] == "Bearer access-token"
    assert seen.headers["accept"] == "application/json"
    row = RESOURCES[resource]
    expected = {"page": "1"} if row.paged else {}
    if row.paged and row.sizable:
        expected["pageSize"] = "1000"
    if row.unitdp:
        expected["unitdp"] = "4"
    assert seen.query == expected


def test_filters_are_spelled_as_xero_does():
    with ScriptedServer(documents("Invoices")) as server:
        client(server).get_page(
            "Invoices",
            page=3,
            page_size=5000,
            where='Reference=="A & B/ü"',
            order="InvoiceID ASC",
            ids=[ID, OTHER],
            contact_ids=(OTHER,),
            numbers=("INV-1", "INV 2"),
            statuses="PAID",
            include_archived=True,
            search="x",
        )
        assert server.last.query == {
            "page": "3",
            "pageSize": "1000",
            "where": 'Reference=="A & B/ü"',
            "order": "InvoiceID ASC",
            "IDs": f"{ID},{OTHER}",
            "ContactIDs": OTHER,
            "InvoiceNumbers": "INV-1,INV 2",
            "Statuses": "PAID",
            "includeArchived": "true",
            "searchTerm": "x",
            "unitdp": "4",
        }


def test_what_a_resource_cannot_do_is_left_out():
    with ScriptedServer(documents("TaxRates"), documents("Quotes")) as server:
        xero = client(server)
        xero.get_page(
            "TaxRates", modified_since=datetime(2026, 1, 1), include_archived=True
        )
        assert server.last.query == {}
        assert "if-modified-since" not in server.last.headers
        xero.get_page("Quotes", page=2, statuses=["SENT"], numbers="QU-1")
        assert server.last.query == {
            "page": "2",
            "Status": "SENT",
            "QuoteNumber": "QU-1",
        }


@pytest.mark.parametrize(
    ("resource", "options"),
    [
        ("Nonsense", {}),
        ("Quotes", {"where": 'Title=="x"'}),
        ("Items", {"ids": [ID]}),
        ("CreditNotes", {"contact_ids": [ID]}),
        ("Items", {"search": "x"}),
        ("Contacts", {"statuses": ["ACTIVE"]}),
        ("Quotes", {"statuses": ["SENT", "DRAFT"]}),
        ("Contacts", {"ids": [ID] * 41}),
        ("Contacts", {"ids": []}),
        ("Contacts", {"ids": [ID, ""]}),
        ("Contacts", {"ids": [ID, False]}),
        ("Invoices", {"numbers": ["A,B"]}),
        ("Contacts", {"page": 0}),
        ("Contacts", {"page_size": 0}),
        ("Accounts", {"page": 2}),
    ],
)
def test_a_question_that_would_be_answered_wrongly_is_not_asked(resource, options):
    with ScriptedServer() as server:
        with pytest.raises(ValueError, match=r"."):
            client(server).get_page(resource, **options)
        assert server.seen == []


def test_pages_end_by_page_count_and_not_by_a_short_page():
    pagination = {"page": 1, "pageSize": 1000, "pageCount": 3, "itemCount": 2001}
    answer = documents("Contacts", {"ContactID": ID}, pagination=pagination)
    with ScriptedServer(answer) as server:
        page = client(server).get_page("Contacts")
    assert (page.page, page.page_count, page.item_count) == (1, 3, 2001)
    assert not page.is_last


def test_without_page_count_reading_goes_on_until_nothing_comes():
    some = documents("Contacts", {"ContactID": ID})
    with ScriptedServer(some, documents("Contacts")) as server:
        xero = client(server)
        assert not xero.get_page("Contacts").is_last
        assert xero.get_page("Contacts", page=2).is_last


@pytest.mark.parametrize(("count", "is_last"), [(0, True), (99, True), (100, False)])
def test_quotes_have_a_fixed_page(count, is_last):
    rows = [{"QuoteID": ID}] * count
    with ScriptedServer(documents("Quotes", *rows)) as server:
        assert client(server).get_page("Quotes").is_last is is_last


def test_nothing_modified_is_an_empty_page():
    headers = {"Date": "Mon, 23 Nov 2026 09:05:07 GMT"}
    with ScriptedServer(Answer(304, headers=headers)) as server:
        page = client(server).get_page("Contacts", modified_since=datetime(2026, 1, 1))
    assert (page.items, page.item_count, page.is_last) == ((), 0, True)


@pytest.mark.parametrize(
    ("date", "envelope", "expected"),
    [
        ("Mon, 23 Nov 2026 22:05:07 +1300", None, datetime(2026, 11, 23, 9, 5, 7)),
        ("Mon, 23 Nov 2026 09:05:07 -0000", None, datetime(2026, 11, 23, 9, 5, 7)),
        (None, "/Date(1789344000000)/", datetime(2026, 9, 14)),
        ("nonsense", "/Date(1789344000000+0000)/", datetime(2026, 9, 14)),
        (
            "Mon, 23 Nov 2026 09:05:07 GMT",
            "/Date(1789344000000)/",
            datetime(2026, 9, 14),
        ),
        (
            "Mon, 23 Nov 2026 09:05:07 GMT",
            "nonsense",
            datetime(2026, 11, 23, 9, 5, 7),
        ),
    ],
)
def test_the_clock_is_the_servers(date, envelope, expected):
    class Response:
        headers = {"Date": date or ""}

    told = server_time(Response, {"DateTimeUTC": envelope})
    assert told == expected.replace(tzinfo=timezone.utc)
    assert told.utcoffset().total_seconds() == 0


def test_without_any_clock_ours_is_taken():
    answer = documents("Contacts", headers={"Date": "nonsense"})
    with ScriptedServer(answer) as server:
        page = client(server).get_page("Contacts")
    assert abs((datetime.now(timezone.utc) - page.server_time).total_seconds()) < 5


def test_ids_are_read_forty_at_a_time_with_archived_ones():
    ids = [f"id-{n}" for n in range(90)] + ["id-1"]

    def echo(seen):
        rows = [{"ContactID": one} for one in seen.query["IDs"].split(",")]
        return documents("Contacts", *rows)

    with ScriptedServer(echo) as server:
        found = client(server).get_by_ids("Contacts", ids)
        counts = [len(seen.query["IDs"].split(",")) for seen in server.seen]
        assert all(seen.query["includeArchived"] == "true" for seen in server.seen)
    assert counts == [40, 40, 10]
    assert [row["ContactID"] for row in found] == ids[:90]


def test_ids_of_a_resource_without_id_filter_are_read_one_by_one():
    answers = documents("CreditNotes", {"CreditNoteID": "a"}), Answer(404)
    with ScriptedServer(*answers) as server:
        found = client(server).get_by_ids("CreditNotes", ["a", "b"])
        paths = [seen.path.rpartition("/")[2] for seen in server.seen]
    assert found == [{"CreditNoteID": "a"}]
    assert paths == ["a", "b"]


def test_no_ids_are_no_call():
    with ScriptedServer() as server:
        assert client(server).get_by_ids("Contacts", []) == []
        assert server.seen == []


def test_one_document_is_read_by_id_or_number():
    answer = documents("Invoices", {"InvoiceID": ID, "Total": 1})
    with ScriptedServer(answer, answer, documents("Invoices")) as server:
        xero = client(server)
        assert xero.get_one("Invoices", ID)["InvoiceID"] == ID
        assert server.last.query == {"unitdp": "4"}
        xero.get_one("Invoices", "INV/1 ü?&")
        assert server.last.path == "/api.xro/2.0/Invoices/INV%2F1%20%C3%BC%3F%26"
        with pytest.raises(XeroNotFoundError):
            xero.get_one("Invoices", OTHER)


@pytest.mark.parametrize("xero_id", ["", " ", ".", "..", None, False])
def test_an_empty_id_never_becomes_another_address(xero_id):
    with ScriptedServer() as server:
        xero = client(server)
        for call in (
            lambda: xero.get_one("Invoices", xero_id),
            lambda: xero.invoice_pdf(xero_id),
            lambda: xero.credit_note_pdf(xero_id),
            lambda: xero.online_invoice_url(xero_id),
            lambda: xero.email_invoice(xero_id, idempotency_key="k"),
            lambda: xero.get_by_ids("Items", [xero_id]),
        ):
            with pytest.raises(ValueError, match="id"):
                call()
        assert server.seen == []


# Writing


def test_creates_are_put_and_updates_are_posted():
    answer = documents("Invoices", {"InvoiceID": ID})
    with ScriptedServer(answer, answer) as server:
        xero = client(server)
        xero.create("Invoices", [{"Type": "ACCREC"}], idempotency_key="k1")
        xero.update("Invoices", [{"InvoiceID": ID, "Url": ""}], idempotency_key="k2")
        put, post = server.seen
    assert (put.method, put.path) == ("PUT", "/api.xro/2.0/Invoices")
    assert (post.method, post.path) == ("POST", "/api.xro/2.0/Invoices")
    assert put.query == post.query == {"summarizeErrors": "false", "unitdp": "4"}
    assert json.loads(put.body) == {"Invoices": [{"Type": "ACCREC"}]}
    assert json.loads(post.body) == {"Invoices": [{"InvoiceID": ID, "Url": ""}]}


@pytest.mark.parametrize(
    ("resource", "payload", "path", "body"),
    [
        ("Payments", {"PaymentID": ID, "Status": "DELETED"}, ID, {"Status": "DELETED"}),
        (
            "Accounts",
            {"AccountID": ID, "Status": "ARCHIVED"},
            ID,
            {"Accounts": [{"AccountID": ID, "Status": "ARCHIVED"}]},
        ),
        (
            "TrackingCategories",
            {"TrackingCategoryID": ID, "Name": "R"},
            ID,
            {"Name": "R"},
        ),
    ],
)
def test_updates_by_address(resource, payload, path, body):
    with ScriptedServer(documents(resource, payload)) as server:
        xero = client(server)
        assert xero.update(resource, [payload], idempotency_key="k")[0].ok
        assert server.last.method == "POST"
        assert server.last.path == f"/api.xro/2.0/{resource}/{path}"
        assert json.loads(server.last.body) == body
        assert server.last.query == {}
        with pytest.raises(ValueError, match="one at a time"):
            xero.update(resource, [payload, payload], idempotency_key="k")


def test_bare_creates_send_one_document():
    with ScriptedServer(documents("Currencies", {"Code": "EUR"})) as server:
        element = client(server).create(
            "Currencies", [{"Code": "EUR"}], idempotency_key="k"
        )[0]
        assert json.loads(server.last.body) == {"Code": "EUR"}
    assert element.xero_id == "EUR"


@pytest.mark.parametrize(
    ("method", "resource", "payloads", "key"),
    [
        ("create", "Contacts", [], "k"),
        ("create", "Organisation", [{}], "k"),
        ("create", "Accounts", [{}, {}], "k"),
        ("update", "Contacts", [], "k"),
        ("update", "Contacts", [{"Name": "A"}], "k"),
        ("update", "Contacts", [{"ContactID": ID}, {"ContactID": ""}], "k"),
        ("update", "Currencies", [{"Code": "EUR"}], "k"),
        ("create", "Contacts", [{}], ""),
        ("create", "Contacts", [{}], None),
        ("create", "Contacts", [{}], "k" * 129),
        ("create", "Contacts", [{}], "a\r\nX-Evil: 1"),
        ("create", "Contacts", [{}], "ü"),
    ],
)
def test_a_write_that_would_go_wrong_is_not_sent(method, resource, payloads, key):
    with ScriptedServer() as server:
        with pytest.raises(ValueError, match=r"."):
            getattr(client(server), method)(resource, payloads, idempotency_key=key)
        assert server.seen == []


def test_each_element_of_a_batch_has_its_own_result():
    rows = (
        {"ContactID": ID, "StatusAttributeString": "OK", "HasErrors": False},
        {
            "ContactID": ZERO,
            "StatusAttributeString": "ERROR",
            "ValidationErrors": [{"Message": "Name taken"}, {"Description": "Long"}],
        },
        {"ContactID": OTHER, "StatusAttributeString": "ERROR", "HasErrors": True},
        {
            "ContactID": OTHER,
            "StatusAttributeString": "WARNING",
            "Warnings": [{"Message": "Odd rate"}],
        },
        {"ContactID": OTHER, "ValidationErrors": [{"Message": "Refused"}]},
        {
            "ContactID": OTHER,
            "StatusAttributeString": "OK",
            "ValidationErrors": [{"Message": "Remark"}],
        },
        {"Name": "no id at all"},
        None,
    )
    with ScriptedServer(documents("Contacts", *rows)) as server:
        payloads = [{"Name": str(n)} for n in range(len(rows))]
        elements = client(server).create("Contacts", payloads, idempotency_key="k")
    assert [element.ok for element in elements] == [
        True, False, False, True, False, True, False, False,
    ]  # fmt: skip
    ids = [element.xero_id for element in elements]
    assert ids == [ID, None, None, OTHER, None, OTHER, None, None]
    assert elements[1].errors == ("Name taken", "Long")
    assert elements[3].warnings == ("Odd rate",)
    assert elements[4].errors == ("Refused",)
    assert elements[5].warnings == ("Remark",)
    assert all(element.errors for element in elements if not element.ok)
    assert elements[7].payload == {}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"InvoiceID": ID}],
        [{"InvoiceID": ID}] * 3,
        [{"InvoiceID": ID, "InvoiceNumber": "B"}, {"InvoiceID": OTHER}],
    ],
)
def test_an_answer_that_does_not_match_what_was_sent_is_no_result(rows):
    payloads = [{"InvoiceNumber": "A"}, {"InvoiceNumber": "B"}]
    with ScriptedServer(documents("Invoices", *rows)) as server:
        with pytest.raises(XeroTransientError) as caught:
            client(server).create("Invoices", payloads, idempotency_key="k")
    assert caught.value.outcome_unknown


def test_an_update_answered_for_another_document_is_no_result():
    with ScriptedServer(documents("Contacts", {"ContactID": OTHER})) as server:
        with pytest.raises(XeroTransientError):
            client(server).update("Contacts", [{"ContactID": ID}], idempotency_key="k")


def test_echoes_are_compared_without_case_and_spaces():
    sent = {"ContactNumber": " ab  c"}
    rows = {"ContactID": ID, "ContactNumber": "AB C"}
    with ScriptedServer(documents("Contacts", rows)) as server:
        assert client(server).create("Contacts", [sent], idempotency_key="k")[0].ok


# Invoices' own calls


def test_an_invoice_is_mailed_once():
    with ScriptedServer(Answer(204)) as server:
        client(server).email_invoice(ID, idempotency_key="k")
        seen = server.last
    assert (seen.method, seen.path) == ("POST", f"/api.xro/2.0/Invoices/{ID}/Email")
    assert seen.headers["idempotency-key"] == "k"
    assert json.loads(seen.body) == {}


@pytest.mark.parametrize(
    ("rows", "url"),
    [
        ([{"OnlineInvoiceUrl": "https://in.xero.com/x"}], "https://in.xero.com/x"),
        ([{"OnlineInvoiceUrl": ""}], None),
        ([{}], None),
        ([None], None),
        ([], None),
    ],
)
def test_the_online_invoice(rows, url):
    with ScriptedServer(Answer(body={"OnlineInvoices": rows})) as server:
        assert client(server).online_invoice_url(ID) == url
        assert server.last.path == f"/api.xro/2.0/Invoices/{ID}/OnlineInvoice"


def test_a_draft_has_no_online_invoice():
    with ScriptedServer(Answer(404)) as server:
        assert client(server).online_invoice_url(ID) is None


@pytest.mark.parametrize("body", [b"", b"<html>sorry</html>", b'{"a": 1}'])
def test_a_pdf_that_is_none_is_refused(body):
    with ScriptedServer(Answer(body=body)) as server:
        with pytest.raises(XeroTransientError):
            client(server).invoice_pdf(ID)


def test_notes_are_cut_to_what_xero_takes():
    answer = Answer(body={"HistoryRecords": [{}]})
    with ScriptedServer(answer, answer) as server:
        xero = client(server)
        xero.add_history_note("Contacts", ID, "Hello", idempotency_key="k")
        assert server.last.method == "PUT"
        assert server.last.path == f"/api.xro/2.0/Contacts/{ID}/History"
        assert json.loads(server.last.body) == {
            "HistoryRecords": [{"Details": "Hello"}]
        }
        xero.add_history_note("Invoices", ID, "x" * 3000, idempotency_key="k2")
        note = json.loads(server.last.body)["HistoryRecords"][0]["Details"]
        assert len(note) == 2500
        with pytest.raises(ValueError, match="no notes"):
            xero.add_history_note("TaxRates", ID, "x", idempotency_key="k")


# The session


def test_connections_are_kept_and_cookies_are_not():
    answer = documents("Contacts", headers={"Set-Cookie": "tracker=1; Path=/"})
    with ScriptedServer(answer, answer) as server:
        with client(server) as xero:
            xero.get_page("Contacts")
            xero.get_page("Contacts")
        assert "cookie" not in server.last.headers
        assert server.last.headers["connection"] == "keep-alive"
        assert "gzip" in server.last.headers["accept-encoding"]


def test_credentials_of_this_machine_do_not_replace_the_token(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer(documents("Contacts")) as server:
        client(server).get_page("Contacts")
        assert server.last.headers["authorization"] == "Bearer access-token"


def test_whole_numbers_and_decimals_add_up():
    body = '{"Invoices": [{"InvoiceID": "a", "Total": 10, "SubTotal": 9.99}]}'
    with ScriptedServer(Answer(body=body)) as server:
        row = client(server).get_page("Invoices").items[0]
    assert row["Total"] - row["SubTotal"] == Decimal("0.01")
