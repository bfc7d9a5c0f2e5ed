"""The colour of the business as a style sheet."""

import pytest

from apps.locations.models import Brand
from apps.tenants.models import Business
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db


def test_the_sheet_holds_one_colour_and_is_asked_for_once(
    inside: Business, client_for: ClientFor
) -> None:
    Brand.objects.create(name="Alpha", colour="#0A7D5C")
    client = client_for()
    answer = client.get("/brand.css")
    assert (answer.text, answer.headers["Content-Type"]) == (
        ":root{--brand:#0a7d5c}\n", "text/css; charset=utf-8",
    )  # fmt: skip
    again = client.get("/brand.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("colour", ["red", "#12345", "#1}*{x:y", ""])
def test_what_is_no_colour_never_reaches_the_sheet(
    inside: Business, client_for: ClientFor, colour: str
) -> None:
    Brand.objects.create(name="Alpha", colour=colour[:7])
    assert client_for().get("/brand.css").text == ""
