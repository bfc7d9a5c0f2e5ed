"""The pages of a bad day."""

import json
from http import HTTPStatus

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from apps.web.shared.errors import server_error


def answer(error: Exception, path: str = "/") -> HttpResponse:
    """Answer as Django does: while the error is being handled."""
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get(path))


@pytest.mark.parametrize("error", [OperationalError("server closed"), InterfaceError("closed")])
def test_a_database_that_is_away_is_back_in_a_moment(error: Exception) -> None:
    response = answer(error)
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response.headers["Retry-After"] == "30"
    assert "Back in a moment" in response.text
    assert "server closed" not in response.text


def test_the_api_says_so_too() -> None:
    response = answer(OperationalError("server closed"), "/api/v1/customers/")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    body = json.loads(response.content)
    assert (body["status"], body["code"]) == (503, "unavailable")


def test_an_error_of_ours_stays_a_500() -> None:
    response = answer(RuntimeError("secret"))
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Retry-After" not in response.headers
    assert "secret" not in response.text
