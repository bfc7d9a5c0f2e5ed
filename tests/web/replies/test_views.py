"""Pages of the response templates."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.facts import Actor
from apps.replies import services
from apps.replies.models import ResponseTemplate
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import NOW

BODY = {"name": "Sorry", "body": "Dear {{ customer.first_name }}", "ratings": ["1", "2"]}


def make(actor: Actor, name: str = "Hello", **values: Any) -> ResponseTemplate:
    values = {"body": "Hello", **values}
    return services.create_template(name=name, actor=actor, now=NOW, **values)


def test_who_may_do_what(client_for: ClientFor, mona: Actor) -> None:
    template = make(mona)
    pages = ["/templates/", "/templates/new/", f"/templates/{template.pk}/"]
    found = {
        name: [client_for(name).get(page).status_code for page in pages]
        for name in ("alice", "mona", "bob", "ana", "charlie")
    }
    assert found == {
        "alice": [200, 200, 200],
        "mona": [200, 200, 200],
        "bob": [200, 403, 403],
        "ana": [403, 403, 403],
        "charlie": [403, 403, 403],
    }
    dora = client_for("dora", business="beta")
    assert dora.get(pages[2]).status_code == 404
    assert dora.post(f"/templates/{template.pk}/delete/").status_code == 404
    for name in ("bob", "ana"):
        assert client_for(name).post("/templates/new/", BODY).status_code == 403
        assert client_for(name).post(f"/templates/{template.pk}/delete/").status_code == 403
    assert ResponseTemplate.objects.count() == 1


def test_a_template_is_written_changed_and_removed(client_for: ClientFor, inside: Business) -> None:
    client = client_for("mona")
    assert client.post("/templates/new/", BODY).status_code == 302
    template = ResponseTemplate.objects.get()
    assert (template.name, template.ratings, template.is_active) == ("Sorry", [1, 2], True)
    changed = {"name": "Very sorry", "body": "Dear all", "flags": ["safety"]}
    assert client.post(f"/templates/{template.pk}/", changed).status_code == 302
    template.refresh_from_db()
    assert (template.name, template.ratings, template.flags, template.is_active) == (
        "Very sorry",
        [],
        ["safety"],
        False,
    )
    client.post(f"/templates/{template.pk}/delete/")
    assert ResponseTemplate.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"name": "", "body": "x"}, "This field is required."),
        ({"name": "x", "body": "Dear {{ firstname }}"}, "firstname"),
        ({"name": "x", "body": "{% for a in b %}"}, "for"),
        ({"name": "x", "body": "y", "ratings": ["9"]}, "9 is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client_for: ClientFor, inside: Business, body: dict[str, Any], words: str
) -> None:
    answer = client_for("mona").post("/templates/new/", body)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert f"{body['body']}</textarea>" in html
    assert ResponseTemplate.objects.count() == 0


def test_a_preview_fills_in_and_changes_nothing(client_for: ClientFor, inside: Business) -> None:
    client = client_for("mona")
    shown = client.post("/templates/preview/", {"body": BODY["body"]}).content.decode()
    assert "Dear Nora" in shown
    hostile = client.post("/templates/preview/", {"body": "<script>x\x00"}).content.decode()
    assert "&lt;script&gt;x" in hostile
    assert ResponseTemplate.objects.count() == 0


def test_the_list_asks_no_more_for_more_rows(client_for: ClientFor, mona: Actor) -> None:
    client, seen = client_for("mona"), []
    for n in (1, 3):
        while ResponseTemplate.objects.count() < n:
            make(mona, name=f"t{ResponseTemplate.objects.count()}", flags=["safety"])
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/templates/").status_code == 200
        seen.append(len(asked))
    assert seen[0] == seen[1]
