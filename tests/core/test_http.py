"""What stands before every view: references, hardening, hosts, health."""

import pytest
from django.test import Client

from tests.conftest import ClientFor


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("host", ["alpha.localhost", "localhost", "127.0.0.1"])
def test_health_answers_on_every_host(db: None, path: str, host: str) -> None:
    assert Client(HTTP_HOST=host).get(path).status_code == 200


def test_unknown_host_leads_to_no_business(db: None) -> None:
    for host in ("gamma.localhost", "alpha.localhost.evil.example", "xalpha.localhost"):
        response = Client(HTTP_HOST=host).get("/")
        assert response.status_code == 404
        assert "Alpha" not in response.content.decode()


@pytest.mark.parametrize("host", ["alpha.localhost:80:80", "al pha", "alpha_localhost/", ""])
def test_impossible_host_is_a_bad_request(db: None, host: str) -> None:
    assert Client(HTTP_HOST=host).get("/").status_code in {400, 404}


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=a%C0%80"])
def test_unreadable_query_is_a_bad_request(client_for: ClientFor, query: str) -> None:
    response = client_for().get(f"/?{query}")
    assert response.status_code == 400


def test_every_answer_carries_its_reference(client_for: ClientFor) -> None:
    client = client_for()
    assert client.get("/", headers={"x-request-id": "order-12345"})["X-Request-ID"] == "order-12345"
    made = client.get("/", headers={"x-request-id": "<script>"})["X-Request-ID"]
    assert len(made) == 32


def test_pages_are_private_and_guarded(client_for: ClientFor) -> None:
    headers = client_for("bob").get("/").headers
    assert "no-store" in headers["Cache-Control"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_missing_page_shows_a_reference_and_nothing_else(client_for: ClientFor) -> None:
    response = client_for("bob").get("/no-such-page/", headers={"x-request-id": "ref-123456"})
    assert response.status_code == 404
    assert "ref-123456" in response.content.decode()
