"""What stands before every view: references, hardening, hosts, health."""

from typing import Any

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


@pytest.mark.parametrize("host", ["alpha.localhost", "localhost"])
def test_figures_are_for_who_brings_the_token(db: None, settings: Any, host: str) -> None:
    client = Client(HTTP_HOST=host)
    settings.LOCAL_MODE = False
    assert client.get("/metrics").status_code == 404
    bare = client.get("/metrics", headers={"authorization": "Bearer "})
    assert bare.status_code == 404
    settings.METRICS_TOKEN = "seven-lanterns"
    for given in ("", "Bearer seven", "seven-lanterns", "Bearer ünlike"):
        answer = client.get("/metrics", headers={"authorization": given})
        assert answer.status_code == 404
        assert "cxsaas_requests_total" not in answer.content.decode()
    told = client.get("/metrics", headers={"authorization": "Bearer seven-lanterns"})
    assert told.status_code == 200
    assert "cxsaas_requests_total" in told.content.decode()
    settings.LOCAL_MODE = True
    assert client.get("/metrics").status_code == 404


def test_missing_page_speaks_to_who_reads_it(client_for: ClientFor) -> None:
    of_links = "write to the business that sent it"
    assert of_links in client_for().get("/no-such-page/").content.decode()
    for client in (client_for("bob"), client_for("bob", business="")):
        page = client.get("/no-such-page/").content.decode()
        assert of_links not in page
        assert "Nothing of yours is lost." in page
