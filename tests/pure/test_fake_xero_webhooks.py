"""The simulator's webhooks: events, signatures, delivery, intent to receive."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from fake_xero_api import CLIENT, invoice

KEY = "webhook-key"


class Receiver(HTTPServer):
    """Takes webhooks; answers 200 or 401 by the signature, as Xero demands."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies = []
        self.status = None


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        digest = hmac.new(KEY.encode(), body, hashlib.sha256).digest()
        good = self.headers["x-xero-signature"] == base64.b64encode(digest).decode()
        if good:
            self.server.bodies.append(json.loads(body))
        self.send_response(self.server.status or (200 if good else 401))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def receiver(fake_api):
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = fake_api.xero.oauth.apps[CLIENT[0]]
    app.webhook_url = f"http://localhost:{server.server_port}/hook"
    app.webhook_key = KEY
    yield server
    server.shutdown()
    server.server_close()


def events(receiver):
    return [event for body in receiver.bodies for event in body["events"]]


def test_changes_are_delivered_signed(fake_api, receiver):
    contact = fake_api.put("Contacts", {"Name": "Acme"})[0]
    fake_api.post("Contacts", {"ContactID": contact["ContactID"], "FirstName": "A"})
    made = fake_api.put("Invoices", invoice(contact))[0]
    assert [d.status for d in fake_api.xero.webhooks.deliver()] == [200]
    found = [(e["eventCategory"], e["eventType"]) for e in events(receiver)]
    assert found == [
        ("CONTACT", "CREATE"),
        ("CONTACT", "UPDATE"),
        ("INVOICE", "CREATE"),
    ]
    last = events(receiver)[-1]
    assert last["resourceId"] == made["InvoiceID"]
    assert last["tenantId"] == fake_api.org.tenant_id
    assert last["resourceUrl"].endswith(f"/Invoices/{made['InvoiceID']}")
    assert "Z" not in last["eventDateUtc"] and "+" not in last["eventDateUtc"]
    body = receiver.bodies[0]
    assert (body["firstEventSequence"], body["lastEventSequence"]) == (1, 3)
    assert fake_api.xero.webhooks.deliver() == []


def test_sequences_go_on(fake_api, receiver):
    for name in ("A", "B"):
        fake_api.put("Contacts", {"Name": name})
        fake_api.xero.webhooks.deliver()
    assert [body["firstEventSequence"] for body in receiver.bodies] == [1, 2]


def test_a_payment_updates_its_invoice_and_a_credit_note_says_its_status(
    fake_api, receiver
):
    contact = fake_api.org.add_contact(Name="Acme")
    made = fake_api.org.add_invoice(contact)
    fake_api.xero.webhooks.reset()
    fake_api.org.pay(made, "10.00")
    note = invoice(contact, Type="ACCRECCREDIT")
    del note["DueDate"]
    fake_api.put("CreditNotes", note)
    fake_api.xero.webhooks.deliver()
    first, second = events(receiver)
    assert (first["eventCategory"], first["eventType"]) == ("INVOICE", "UPDATE")
    assert second["eventCategory"] == "CREDITNOTE"
    assert second["data"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}


def test_refused_writes_make_no_event(fake_api, receiver):
    fake_api.org.add_contact(Name="Acme")
    fake_api.xero.webhooks.reset()
    fake_api.call("PUT", "Contacts", {"Contacts": [{"Name": "B"}, {"Name": "Acme"}]})
    assert fake_api.xero.webhooks.pending(CLIENT[0]) == []


def test_undelivered_events_wait(fake_api, receiver):
    receiver.status = 500
    fake_api.put("Contacts", {"Name": "Acme"})
    assert fake_api.xero.webhooks.deliver()[0].status == 500
    receiver.status = None
    assert fake_api.xero.webhooks.deliver()[0].status == 200
    assert fake_api.xero.webhooks.pending(CLIENT[0]) == []


def test_intent_to_receive(fake_api, receiver):
    assert fake_api.xero.webhooks.intent_to_receive(CLIENT[0]) is True
    assert receiver.bodies[0]["events"] == []
    assert receiver.bodies[0]["firstEventSequence"] == 0
    receiver.status = 200
    assert fake_api.xero.webhooks.intent_to_receive(CLIENT[0]) is False


def test_nobody_listening(fake_api, receiver):
    app = fake_api.xero.oauth.apps[CLIENT[0]]
    app.webhook_url = "http://localhost:1/hook"
    fake_api.put("Contacts", {"Name": "Acme"})
    assert fake_api.xero.webhooks.deliver()[0].status is None
