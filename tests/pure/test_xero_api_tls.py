"""A server that cannot prove to be Xero gets nothing."""

import datetime
import ssl
from ipaddress import ip_address

import pytest

from scripted_server import Answer, ScriptedServer
from xero_api import OAuthClient, XeroClient, XeroTransientError

x509 = pytest.importorskip("cryptography.x509")
ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")


@pytest.fixture
def own_certificate(tmp_path):
    """A certificate for 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(own_certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    answer = Answer(body={"Contacts": []})
    with ScriptedServer(answer, answer, context=context) as server:
        yield server


def test_an_unproven_server_gets_neither_token_nor_document(secure):
    client = XeroClient("access-token", "tenant", api_url=secure.url)
    oauth = OAuthClient("app", "secret", identity_url=secure.url)
    for call in (
        lambda: client.get_page("Contacts"),
        lambda: client.create("Contacts", [{"Name": "A"}], idempotency_key="k"),
        lambda: oauth.refresh("refresh-token"),
    ):
        with pytest.raises(XeroTransientError, match="cannot prove") as caught:
            call()
        assert not caught.value.outcome_unknown
    assert secure.seen == []


def test_a_trusted_certificate_is_accepted(secure, own_certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own_certificate))
    client = XeroClient("access-token", "tenant", api_url=secure.url)
    assert client.get_page("Contacts").items == ()
