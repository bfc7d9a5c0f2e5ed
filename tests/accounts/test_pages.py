"""Every page of the log-in wears our clothes, also those that allauth brings itself."""

import pytest

from tests.conftest import ClientFor


@pytest.mark.parametrize(
    ("path", "fields"),
    [("reauthenticate/", ["password"])],
)
def test_pages_of_a_member(client_for: ClientFor, path: str, fields: list[str]) -> None:
    answer = client_for("mona").get(f"/account/{path}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<body class="lone"' in page
    assert "Menu:" not in page
    assert [name for name in fields if f'for="id_{name}"' not in page] == []


def test_forgotten_password_is_asked_for_on_our_sheet(client_for: ClientFor) -> None:
    client = client_for()
    page = client.get("/account/password/reset/").content.decode()
    assert '<body class="lone"' in page
    assert page.count("<h1") == 1
    refused = client.post("/account/password/reset/", {"email": "no address"})
    assert 'aria-invalid="true"' in refused.content.decode()
