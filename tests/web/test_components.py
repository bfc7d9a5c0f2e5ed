"""The components: exact HTML facts, escaping, and rules that hold for every template."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from apps.web.shared.icons import UnknownIcon, list_icons

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
HOSTILE = """" onfocus="alert(1)" x='<script>alert(2)</script>' \""""
ICON = '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#i-{}"/></svg>'


def draw(source: str, messages: Sequence[Message] = (), **context: Any) -> str:
    """Render a piece of template and close the gaps between its tags."""
    request = RequestFactory().get("/list/?sort=name&after=abc")
    request._messages = messages  # type: ignore[attr-defined]
    template = Template(CottonCompiler().process("{% load ui %}" + source))
    return re.sub(r"\s*\n\s*", "", template.render(RequestContext(request, context))).strip()


class PersonForm(forms.Form):
    """One field of each layout."""

    name = forms.CharField(label="Name", help_text="As customers see it.")
    email = forms.EmailField(label="Email", required=False)
    when = forms.ChoiceField(
        label="When", choices=[("a", "Today"), ("b", "Later")], widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label="Place", choices=[("x", "Harbour"), ("y", "Mill")])
    agreed = forms.BooleanField(label="They agreed")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_icon_is_hidden_from_screen_readers() -> None:
    assert draw('<c-icon name="send" />') == ICON.format("send")


def test_icon_unknown_raises() -> None:
    with pytest.raises(UnknownIcon, match="unicorn"):
        draw('<c-icon name="unicorn" />')


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+447700900123", "+44 7700 900123"),
        ("+12025550123", "+1 202-555-0123"),
        ("+999123", "+999123"),
        ("hello+4915112345678@example.com", "hello+4915112345678@example.com"),
        ("<b>", "&lt;b&gt;"),
        (None, ""),
    ],
)
def test_phone_numbers_stand_in_groups(number: str | None, shown: str) -> None:
    assert draw("{{ number|phone }}", number=number) == shown


@pytest.mark.parametrize(
    "name", ["upload", "download", "logout", "trash", "gift", "qr", "key", "bolt", "external"]
)
def test_sprite_holds_what_pages_need(name: str) -> None:
    assert name in list_icons()


def test_button_submits_by_default() -> None:
    html = draw('<c-button kind="primary" icon="send">Send</c-button>')
    expected = '<button type="submit" class="button" data-kind="primary">{}Send</button>'
    assert html == expected.format(ICON.format("send"))


def test_button_keeps_a_class_of_its_own() -> None:
    html = draw('<c-button class="push" href="/x/">Open</c-button>')
    assert html == '<a href="/x/" class="button push">Open</a>'
    assert 'class="button push"' in draw('<c-button class="push">Open</c-button>')
    assert 'class="button push"' in draw('<c-post class="push" action="/x/">Do</c-post>')


def test_button_with_address_is_link() -> None:
    html = draw('<c-button href="/inbox/" data-key="r" hx-get="/x/">Open</c-button>')
    assert html == '<a href="/inbox/" class="button" data-key="r" hx-get="/x/">Open</a>'


def test_button_disabled_link_has_no_address() -> None:
    html = draw('<c-button href="/x/" :disabled="closed">Open</c-button>', closed=True)
    assert html == '<a role="link" aria-disabled="true" class="button">Open</a>'


def test_button_passes_hostile_attributes_escaped() -> None:
    html = draw('<c-button :title="words">{{ words }}</c-button>', words=HOSTILE)
    assert "<script>" not in html
    assert ' onfocus="' not in html
    assert 'title="&quot; onfocus=&quot;alert(1)&quot;' in html


def test_post_carries_token_and_hidden_fields() -> None:
    html = draw(
        '<c-post action="/x/" icon="check">Keep<c-slot name="fields">'
        '<input type="hidden" name="n" value="1"></c-slot></c-post>'
    )
    assert html.startswith('<form class="post" method="post" action="/x/"><input type="hidden"')
    assert 'name="csrfmiddlewaretoken"' in html
    assert '<input type="hidden" name="n" value="1">' in html


def test_badge_escapes_words() -> None:
    html = draw('<c-badge tone="bad">{{ words }}</c-badge>', words="<b>x</b>")
    assert html == '<span class="badge" data-tone="bad">&lt;b&gt;x&lt;/b&gt;</span>'


@pytest.mark.parametrize(
    ("value", "label", "off"),
    [(1, "1 of 5 stars", 4), (4.5, "4.5 of 5 stars", 0), (0, "0 of 5 stars", 5), (9, "5 of", 0)],
)
def test_stars_say_their_value(value: float, label: str, off: int) -> None:
    html = draw('<c-stars :value="value" />', value=value)
    assert f'aria-label="{label}' in html
    assert html.count("<use ") == 5
    assert html.count('class="off"') == off


@pytest.mark.parametrize(
    ("share", "tone", "dash"),
    [(78, "", "78"), (40, "warn", "40"), (12.4, "bad", "12"), (-5, "bad", "0"), (150, "", "100")],
)
def test_clock_shows_share_and_tone(share: float, tone: str, dash: str) -> None:
    html = draw('<c-clock :share="share" tone="auto" label="left" />', share=share)
    assert f'stroke-dasharray="{dash} 100"' in html
    assert ('data-tone="' in html) == bool(tone)
    assert not tone or f'data-tone="{tone}"' in html
    assert 'role="img" aria-label="left"' in html


def test_clock_without_share_is_only_a_ring() -> None:
    html = draw('<c-clock icon="wrench" />')
    assert html.count("<circle") == 1
    assert 'aria-hidden="true"' in html


def test_whisker_places_interval_on_scale() -> None:
    html = draw('<c-whisker :low="82" :value="91" :high="96" :tick="94" :start="60" :end="100" />')
    assert '<rect class="span" x="55.0%" y="4" height="6" rx="3" width="35.0%"/>' in html
    assert '<line class="then" x1="85.0%" x2="85.0%"' in html
    assert '<circle class="point" cx="77.5%"' in html
    assert "nought" not in html


def test_whisker_shows_nought_and_needs_an_interval() -> None:
    html = draw('<c-whisker :low="-5" :value="3" :high="11" :start="-10" :end="30" />')
    assert '<line class="nought" x1="25.0%"' in html
    assert draw('<c-whisker :low="none" :value="3" :high="11" />', none=None) == ""


def test_figure_missing_shows_no_number() -> None:
    html = draw('<c-figure title="Came back" missing="Not enough customers yet: 11 of 30." />')
    assert '<p class="figure-value">–</p>' in html
    assert "Not enough customers yet: 11 of 30." in html
    assert "measured" not in html


def test_figure_links_its_rows() -> None:
    html = draw(
        '<c-figure title="In time" value="91" unit="%" trend="3" direction="down" tone="bad" '
        ':n="67" :low="82" :high="96" href="/rows/" />'
    )
    assert '<a href="/rows/">n = 67</a>' in html
    assert "<span>82–96 %</span>" in html
    assert '<small data-tone="bad">' in html
    assert 'data-kind="measured">measured</span>' in html


def test_progress_parts_lie_end_to_end() -> None:
    parts = [
        {"title": "Delivered", "count": 60, "tone": "good"},
        {"title": "Waiting", "count": 30, "soft": True},
        {"title": "Lost count", "count": 90, "tone": "bad"},
    ]
    html = draw('<c-progress :parts="parts" :total="100" legend />', parts=parts)
    assert '<rect x="0.0%" width="60.0%" height="100%" data-tone="good"/>' in html
    assert '<rect x="60.0%" width="30.0%" height="100%" data-part="soft"/>' in html
    assert '<rect x="90.0%" width="10.0%" height="100%" data-tone="bad"/>' in html
    assert 'aria-label="Delivered 60, Waiting 30, Lost count 90"' in html


@pytest.mark.parametrize(
    ("value", "total", "width"), [(1, 4, "25.0"), (5, 0, "0.0"), (9, 3, "100.0")]
)
def test_progress_of_a_whole(value: int, total: int, width: str) -> None:
    html = draw('<c-progress :value="value" :total="total" />', value=value, total=total)
    assert f'width="{width}%"' in html


def test_field_ties_help_and_error_to_control() -> None:
    html = draw('<c-field :field="form.name" />', form=PersonForm({}))
    assert '<label class="field-label" for="id_name"><span>Name</span></label>' in html
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert '<div class="field" data-required>' in html


def test_field_keeps_what_was_typed_escaped() -> None:
    html = draw('<c-field :field="form.email" />', form=PersonForm({"email": HOSTILE}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "optional" in html


def test_field_group_is_a_fieldset() -> None:
    html = draw('<c-field :field="form.when" />', form=PersonForm())
    assert '<legend class="field-label">When</legend>' in html
    assert html.count('type="radio"') == 2
    assert '<label class="choice" for="id_when_0">' in html


def test_field_layouts() -> None:
    form = PersonForm()
    assert '<span class="select"><select' in draw('<c-field :field="form.place" />', form=form)
    assert 'role="switch"' in draw('<c-field :field="form.agreed" kind="switch" />', form=form)
    hidden = draw('<c-field :field="form.key" />', form=form)
    assert hidden == '<input type="hidden" name="key" id="id_key">'
    affix = draw('<c-field :field="form.name" prefix="€" />', form=form)
    assert '<div class="affix"><span>€</span><input' in affix


def test_form_errors_lead_to_their_fields() -> None:
    form = PersonForm({"when": "a", "place": "x", "agreed": "on", "email": "no"})
    form.add_error(None, "Nobody <b>else</b> may do this.")
    html = draw('<c-form-errors :form="form" />', form=form)
    assert "3 things to put right" in html
    assert '<a href="#id_name">Name: This field is required.</a>' in html
    assert "<li>Nobody &lt;b&gt;else&lt;/b&gt; may do this.</li>" in html
    assert draw('<c-form-errors :form="form" />', form=PersonForm()) == ""


def test_panel_has_a_heading_and_actions_only_when_given() -> None:
    html = draw('<c-panel title="Limits"><c-slot name="actions">x</c-slot>Body</c-panel>')
    assert '<section class="panel" aria-label="Limits">' in html
    assert "<h2>Limits</h2>" in html
    assert '<div class="row">x</div>' in html
    assert draw("<c-panel>Body</c-panel>") == (
        '<section class="panel"><div class="panel-body">Body</div></section>'
    )


def test_components_do_not_take_values_from_the_page() -> None:
    html = draw("<c-badge>New</c-badge>", tone="bad", icon="unicorn", kind="outline")
    assert html == '<span class="badge">New</span>'


def test_tabs_mark_the_current_one() -> None:
    tabs = [
        {"title": "All", "url": "/?a=1&b=2", "current": True},
        {"title": "Mine", "url": "/m", "count": 0},
    ]
    html = draw('<c-tabs :tabs="tabs" label="Views" />', tabs=tabs)
    assert '<a class="tab" href="/?a=1&amp;b=2" aria-current="page">All</a>' in html
    assert '<a class="tab" href="/m">Mine <span class="count">0</span></a>' in html


def test_sort_turns_the_order_and_forgets_the_page() -> None:
    html = draw('<c-sort title="Name" key="name" current="name" />')
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name"' in html
    assert 'href="?sort=seen"' in draw('<c-sort title="Seen" key="seen" current="name" />')


def test_avatar_shows_initials() -> None:
    assert draw('<c-avatar name="Nora van der Keane" />') == (
        '<span class="avatar" aria-hidden="true">NK</span>'
    )
    assert ">?<" in draw('<c-avatar name="" />')
    assert ">&lt;" not in draw('<c-avatar name="{{ name }}" />', name="<script>")


def test_letter_escapes_customers_words() -> None:
    html = draw(
        '<c-letter href="/x/" name="{{ w }}" :text="w" :stars="2" unread current />', w=HOSTILE
    )
    assert "<script>" not in html
    assert " data-unread" in html
    assert 'aria-current="true"' in html


def test_toasts_offer_undo_only_to_own_addresses() -> None:
    messages = [
        Message(constants.SUCCESS, "Resolved", extra_tags="undo:/inbox/1/undo/"),
        Message(constants.ERROR, "Refused <b>", extra_tags="undo://evil.example/"),
    ]
    html = draw("<c-toasts />", messages=messages)
    assert html.count("<form") == 1
    assert 'action="/inbox/1/undo/"' in html
    assert 'data-tone="bad" role="alert"' in html
    assert "Refused &lt;b&gt;" in html


def test_pager_is_nothing_on_a_single_page() -> None:
    assert draw("<c-pager />") == ""
    html = draw('<c-pager next_url="?after=x" words="1 to 50" />')
    assert '<a class="button" href="?after=x" rel="next">' in html
    assert 'rel="prev"' not in html


def test_menu_opens_without_a_script() -> None:
    html = draw(
        '<c-menu label="More" icon="more" icon_only><c-menu-item href="/a" key="a">Assign'
        '</c-menu-item><c-menu-post action="/s">Snooze</c-menu-post></c-menu>'
    )
    assert html.startswith('<details class="drop" data-menu data-side="end"><summary')
    assert '<a href="/a" data-key="a">Assign<kbd>a</kbd></a>' in html
    assert '<form method="post" action="/s">' in html


def test_phone_keeps_text_as_text() -> None:
    html = draw('<c-phone sender="Shop" :text="text" />', text="Hi <b>\nSTOP")
    assert "Hi &lt;b&gt;" in html


def test_rate_works_with_radio_buttons() -> None:
    html = draw('<c-rate value="3" />')
    assert html.count('type="radio"') == 5
    assert 'value="3" checked>' in html
    assert html.count("checked") == 1


def test_nav_url_is_empty_for_missing_pages() -> None:
    assert draw('{% nav_url "web:nothing:here" as u %}[{{ u }}]') == "[]"


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "503", "tenant_missing"])
def test_error_pages_need_no_context(name: str) -> None:
    html = render_to_string(f"errors/{name}.html", {"reference": "<r1>"})
    assert html.count("<h1>") == 1
    assert "give this reference: &lt;r1&gt;" in html


def test_customers_frame_loads_no_script_and_little_else() -> None:
    brand = {"name": "Bluebird Bikes", "place": "Galway"}
    talk = {"who": "Ruth Daly", "phone": "+353209150110", "sms": True, "email": "a@b.example"}
    html = render_to_string(
        "public/base.html", {"brand": brand, "talk": talk, "preferences_url": "/p/x/"}
    )
    assert "<script" not in html
    assert 'href="tel:+353209150110"' in html
    assert '<a href="/p/x/">Fewer messages, or none</a>' in html
    static = ROOT / "static"
    files = ["css/base.css", "css/public.css", "img/icons.svg"]
    size = len(html.encode()) + sum((static / file).stat().st_size for file in files)
    assert size < 50_000


def test_a_wide_button_wraps_its_words() -> None:
    sheet = (ROOT / "static/css/base.css").read_text()
    rules = re.findall(r"\.button\[data-wide\] \{([^}]*)\}", sheet)
    assert ["white-space: normal" in rule for rule in rules] == [True]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_says_its_signature(path: Path) -> None:
    tag = path.stem.replace("_", "-")
    assert path.read_text().startswith(f"{{# signature: <c-{tag}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_no_inline_script_or_style(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text())
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "<style" not in text
    assert "hx-on" not in text
    assert "{{ attrs }}" not in text
    for opening in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in opening
