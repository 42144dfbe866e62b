"""A small client for the simulator's own tests; independent of the addon's."""

import requests

CALLBACK = "http://localhost:8069/xero_crm/oauth/callback"
CLIENT = ("client-of-tests", "secret-of-tests")


class Api:
    """Calls the simulator with a valid token.

    :param server: FakeXeroServer
    :param org: the organisation that is called
    """

    def __init__(self, server, org, **token_options):
        self.server, self.xero, self.org = server, server.xero, org
        token = self.xero.issue_token(CLIENT[0], [org.tenant_id], **token_options)
        self.token = token
        self.headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "xero-tenant-id": org.tenant_id,
            "Accept": "application/json",
        }

    def call(self, method, path, body=None, headers=None, **query):
        """:return: requests.Response"""
        return requests.request(
            method,
            f"{self.server.url}/api.xro/2.0/{path}",
            params=query,
            json=body,
            headers={**self.headers, **(headers or {})},
            timeout=20,
        )

    def get(self, path, **query):
        """The elements of a GET that must succeed."""
        return self._elements(self.call("GET", path, **query), path)

    def put(self, path, *elements, **query):
        """The elements of a PUT that must succeed."""
        body = {path.split("/")[0]: list(elements)}
        return self._elements(self.call("PUT", path, body, **query), path)

    def post(self, path, *elements, **query):
        """The elements of a POST that must succeed."""
        body = {path.split("/")[0]: list(elements)}
        return self._elements(self.call("POST", path, body, **query), path)

    def refused(self, method, path, element, **query):
        """The messages of a write that must be refused."""
        body = {path.split("/")[0]: [element]}
        answer = self.call(method, path, body, **query)
        assert answer.status_code == 400, answer.text
        payload = answer.json()
        assert payload["ErrorNumber"] == 10
        assert payload["Type"] == "ValidationException"
        return [
            error["Message"]
            for found in payload["Elements"]
            for error in found["ValidationErrors"]
        ]

    def _elements(self, answer, path):
        assert answer.status_code == 200, answer.text
        payload = answer.json()
        key = path.split("/")[0]
        return payload[{"Organisation": "Organisations"}.get(key, key)]


def invoice(contact, **fields):
    """The payload of a simple approved sales invoice of 100.00 plus 15 % tax."""
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-03-01",
        "DueDate": "2026-03-21",
        "Status": "AUTHORISED",
        "LineItems": [
            {
                "Description": "Goods",
                "Quantity": 1,
                "UnitAmount": 100,
                "AccountCode": "200",
            }
        ],
        **fields,
    }
