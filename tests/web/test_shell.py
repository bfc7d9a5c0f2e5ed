"""The frame around staff pages: what it shows, leaves out, and how one gets out."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path, resolve

from apps.web.styleguide import views as styleguide


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


web = [
    path("", include(([path("", _page, name="today"), path("look/", _page, name="look")], "home"))),
    path("inbox/", include(([path("", _page, name="inbox")], "reviews"))),
    path("recovery/", include(([path("", _page, name="board")], "recovery"))),
]
urlpatterns = [
    path("account/logout/", _page, name="account_logout"),
    path("", include((web, "web"))),
]


@pytest.fixture(autouse=True)
def own_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def show(address: str = "/inbox/", **context: Any) -> str:
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address.split("?", maxsplit=1)[0])
    request.business = SimpleNamespace(name="Blue & Bird", slug="demo")  # type: ignore[attr-defined]
    request.actor = SimpleNamespace(name="Imani Cole", role="manager")  # type: ignore[attr-defined]
    return render_to_string("web/shell.html", context, request=request)


def test_sidebar_leaves_out_what_does_not_exist() -> None:
    html = show()
    assert '<span class="nav-name">Inbox</span>' in html
    assert '<span class="nav-name">Recovery</span>' in html
    assert "Campaigns" not in html
    assert "Insights" not in html


def test_sidebar_marks_the_page_shown() -> None:
    html = show("/recovery/")
    assert html.count('aria-current="page"') == 1
    assert '<a href="/recovery/" aria-current="page">' in html


def test_sidebar_counts_only_what_waits() -> None:
    html = show(nav={"inbox": 12, "inbox_late": 3, "recovery": 0})
    assert 'data-tone="bad">12<span class="sr"> 12 wait, 3 of them are due soon</span>' in html
    assert html.count('class="count"') == 1


def test_location_switcher_needs_two_places() -> None:
    places = [{"id": "a", "name": "Harbour"}, {"id": "b", "name": "Mill <Lane>"}]
    assert "All locations" not in show(nav={"locations": places[:1]})
    html = show("/inbox/?sort=name&after=x", nav={"locations": places, "location": places[1]})
    assert '<form method="post" action="/look/"' in html
    assert '<input type="hidden" name="next" value="/inbox/">' in html
    assert '<button type="submit" name="location" value="a">' in html
    assert '<button type="submit" name="location" value="b" aria-current="true">' in html
    assert "Mill &lt;Lane&gt;" in html


def test_log_out_is_a_post() -> None:
    html = show()
    assert '<form method="post" action="/account/logout/">' in html
    assert '<a href="/account/logout/"' not in html


def test_page_has_its_landmarks_and_token() -> None:
    html = show()
    assert '<a class="skip" href="#main">' in html
    assert html.count('<main class="page ') == 1
    assert '<nav class="sidebar" aria-label="Main">' in html
    assert 'hx-headers:inherited=\'{"X-CSRFToken": "' in html
    assert "Blue &amp; Bird" in html


def test_brand_sheet_is_linked_only_when_given() -> None:
    assert "/brand.css" not in show()
    assert '<link rel="stylesheet" href="/brand.css?v=1">' in show(brand_url="/brand.css?v=1")


def test_styleguide_shows_hostile_words_as_words() -> None:
    request = RequestFactory().get("/styleguide/")
    html = styleguide.index(request).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "4 things to put right" in html


def test_styleguide_only_reads() -> None:
    assert styleguide.index(RequestFactory().post("/styleguide/")).status_code == 405
