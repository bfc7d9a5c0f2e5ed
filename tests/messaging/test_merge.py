"""The merge language: what it can say, what it refuses and how, and that nothing gets through."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.messaging import merge
from apps.messaging.merge import Channel, Position, TemplateInvalid

ALLOWED = frozenset(
    {"customer.first_name", "customer.last_name", "business.name", "visit.date", "link", "amount"}
)
VALUES: dict[str, object] = {
    "customer": {"first_name": "Ann <b>&", "last_name": None},
    "business.name": "Café \u00d8",
    "visit.date": date(2026, 11, 3),
    "link": "https://b.example/r/1?a=b&c=d",
    "amount": Decimal("12.50"),
}


def render(source: str, channel: str = "text", **values: object) -> str:
    compiled = merge.compile_template(source, allowed=ALLOWED, channel=channel)
    return compiled.render(VALUES | values)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hello {{ customer.first_name }}!", "Hello Ann <b>&!"),
        ("{{customer.last_name | default: 'friend'}}", "friend"),
        ("{{ business.name | upcase }}", "CAFÉ Ø"),
        ("{{ business.name | downcase | capitalize }}", "Café ø"),
        ("{{ ' x ' | strip }}|", "x|"),
        ("{{ visit.date }}", "2026-11-03"),
        ("{{ visit.date | date }}", "03 November 2026"),
        ("{{ visit.date | date: '%A %-d %b %y, %e %%' }}", "Tuesday 3 Nov 26, 3 %"),
        ("{{ visit.date | date: '%N%999999999d' }}", "%N%999999999d"),
        ("{{ '2026-11-03T14:05:00' | date: '%H:%M' }}", "14:05"),
        ("{{ 'soon' | date }}", "soon"),
        ("{{ business.name | truncate: 4, '' }}", "Café"),
        ("{{ 'one two three' | truncate: 7 }}", "one ..."),
        ("{{ 'one two three' | truncatewords: 2 }}", "one two..."),
        ("{{ business.name | size }}", "6"),
        ("{{ business.name | first }}{{ business.name | last }}", "CØ"),
        ("{{ amount }} {{ amount | round }} {{ amount | round: 1 }}", "12.50 13 12.5"),
        ("{{ 'a b&c' | url_encode }}", "a+b%26c"),
        ("{{ 'a<b' | escape }}", "a<b"),
        ("{% if customer.last_name %}a{% elsif link %}b{% else %}c{% endif %}", "b"),
        ("{% unless customer.last_name %}none{% endunless %}", "none"),
        ("{% case amount %}{% when 5 %}five{% else %}more{% endcase %}", "more"),
        ("{% if business.name contains 'Caf' and amount > 5 %}yes{% endif %}", "yes"),
        ("{% if customer.last_name > 5 %}yes{% else %}no{% endif %}", "no"),
        ("a{% comment %} {{ nothing }} {% endcomment %}b", "ab"),
        ("{% raw %}{{ kept }}{% if %}{% endraw %}", "{{ kept }}{% if %}"),
        ("{{ customer['first_name'] | first }}", "A"),
        ("a {{- ' b ' -}} c", "a b c"),
        ("{ just } braces }} %}", "{ just } braces }} %}"),
        ("", ""),
    ],
)
def test_render(source: str, text: str) -> None:
    assert render(source) == text


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>{{ customer.first_name }}</p>", "<p>Ann &lt;b&gt;&amp;</p>"),
        ("{{ customer.first_name | escape }}", "Ann &lt;b&gt;&amp;"),
        ("{{ customer.first_name | upcase }}", "ANN &lt;B&gt;&amp;"),
        ("{{ customer.first_name | truncate: 5, '' }}", "Ann &lt;"),
        ("<a href='{{ link }}'>x</a>", "<a href='https://b.example/r/1?a=b&amp;c=d'>x</a>"),
        ("{{ 'a<b\nc' | newline_to_br }}", "a&lt;b<br>\nc"),
        ("{{ customer.first_name | default: 'x' }}", "Ann &lt;b&gt;&amp;"),
    ],
)
def test_render_html_escapes_every_value(source: str, html: str) -> None:
    assert render(source, "html") == html


def test_render_never_reads_a_value_as_a_template() -> None:
    name = "{{ link }}{% if 1 %}"
    assert render("{{ customer.first_name }}", customer={"first_name": name}) == name


def test_a_finished_text_is_no_template() -> None:
    done = merge.compile_template("x", allowed=(), channel="sms").render({})
    with pytest.raises(TypeError):
        merge.compile_template(done, allowed=ALLOWED, channel="sms")


def test_render_header_stays_one_line() -> None:
    name = "Ann\r\nBcc: all@example.com\x00\u2028 \x85x"
    text = render("Hi {{ customer.first_name }}\n", "header", customer={"first_name": name})
    assert text == "Hi Ann Bcc: all@example.com x"


@given(st.text(max_size=60))
def test_header_never_holds_a_line_break(value: str) -> None:
    text = render("a{{ link }}b", "header", link=value)
    assert len(text.splitlines()) == 1
    assert "\0" not in text


def test_render_drops_what_no_provider_takes() -> None:
    assert render("{{ link }}", link="a\0b\ud800c") == "abc"


def test_render_hands_over_nothing_but_the_named_fields() -> None:
    class Trap:
        secret = "s"

        def __str__(self) -> str:
            return "plain"

    compiled = merge.compile_template("{{ link }}", allowed=ALLOWED, channel="text")
    assert compiled.render({"link": Trap(), "other": Trap()}) == "plain"
    with pytest.raises(TemplateInvalid):
        merge.compile_template("{{ link.secret }}", allowed=ALLOWED, channel="text")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (5, "5"),
        (["a", "b"], "ab"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02 00:00:00+00:00"),
    ],
)
def test_render_plain_values(value: object, text: str) -> None:
    assert render("{{ link }}", link=value) == text


@pytest.mark.parametrize(
    ("source", "code", "message", "position"),
    [
        (
            "Hi {{ firstname }}",
            "unknown_field",
            "There is no field “firstname”. Did you mean “customer.first_name”?",
            (1, 7),
        ),
        (
            "Hi\n\n {{ customer.frist_name }}",
            "unknown_field",
            "There is no field “customer.frist_name”. Did you mean “customer.first_name”?",
            (3, 5),
        ),
        ("{{ zzz }}", "unknown_field", "There is no field “zzz”.", (1, 4)),
        ("{{ customer[link] }}", "unknown_field", None, (1, 4)),
        ("{{ customer[0] }}", "unknown_field", None, (1, 4)),
        ("{{ customer.first_name.size }}", "unknown_field", None, (1, 4)),
        ("{% if zzz %}{% endif %}", "unknown_field", None, (1, 7)),
        ("{% if a == zzz %}{% endif %}", "unknown_field", None, None),
        ("{% case zzz %}{% when 1 %}{% endcase %}", "unknown_field", None, None),
        ("{% case link %}{% when zzz %}{% endcase %}", "unknown_field", None, None),
        ("{{ link | default: zzz }}", "unknown_field", None, None),
        ("{% unless link %}{{ zzz }}{% endunless %}", "unknown_field", None, None),
        (
            "a\n{% for x in y %}{% endfor %}",
            "loop",
            "Line 2: there are no loops in messages.",
            (2, 1),
        ),
        ("{% assign x = 1 %}", "unknown_tag", "Line 1: there is no instruction “assign”.", (1, 1)),
        ("{% include 'x' %}", "unknown_tag", None, (1, 1)),
        ("{% capture x %}{% endcapture %}", "unknown_tag", None, None),
        ("{% liquid echo 1 %}", "unknown_tag", None, None),
        ("{% doc %}{% enddoc %}", "unknown_tag", None, None),
        ("{% # note %}", "unknown_tag", None, None),
        ("{% %}", "unknown_tag", None, None),
        (
            "{{ link | upcse }}",
            "unknown_filter",
            "Line 1: there is no filter “upcse”. Did you mean “upcase”?",
            None,
        ),
        ("{{ link | join: 'x' }}", "unknown_filter", None, None),
        ("{{ link | append: link }}", "unknown_filter", None, None),
        ("{{ link | replace: 'a', 'b' }}", "unknown_filter", None, None),
        (
            "{{ link | truncate: 1, 2, 3 }}",
            "filter_arguments",
            "Line 1: the filter “truncate” has too many or too few values.",
            None,
        ),
        ("{{ link | default }}", "filter_arguments", None, None),
        ("{{ link | default: 'x', allow_false: true }}", "filter_arguments", None, None),
        ("{{ (1..1000000000) | size }}", "range", None, None),
        ("a\nb {{ link", "not_closed", "“{{” in line 2 is not closed with “}}”.", (2, 3)),
        ("{% if link", "not_closed", None, (1, 1)),
        ("{{ " + "x" * 600 + " }}", "not_closed", None, (1, 1)),
        ("{% raw %} {{ x }}", "not_closed", None, (1, 1)),
        ("{% if link %}a", "syntax", None, None),
        ("{% endif %}", "syntax", None, None),
        ("{% if link %}{% endunless %}{% endif %}", "syntax", None, None),
        ("{{ link | }}", "syntax", None, None),
        ("{{ a b }}", "syntax", None, None),
        ("{{ 'x }}", "syntax", None, None),
        ("{{ link | upcase" + " | upcase" * 8 + " }}", "too_many_filters", None, None),
        (
            "{% case link %}{% when 1 %}{% case link %}{% endcase %}{% endcase %}",
            "nested_case",
            None,
            None,
        ),
        (
            "{% case link %}{% when " + "1," * 10 + "1 %}a{% endcase %}",
            "too_many_values",
            None,
            None,
        ),
        ("{% if link %}" * 12 + "{% endif %}" * 12, "syntax", None, None),
        ("x" * 20_001, "source_too_long", None, None),
    ],
)
def test_compile_says_what_is_wrong_and_where(
    source: str, code: str, message: str | None, position: tuple[int, int] | None
) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        merge.compile_template(source, allowed=ALLOWED | {"a"}, channel=Channel.TEXT)
    error = caught.value
    assert error.code == code
    assert message is None or error.message == message
    assert position is None or error.position == Position(*position)


def test_compile_names_the_unknown_field() -> None:
    with pytest.raises(TemplateInvalid) as caught:
        merge.compile_template("\n{{ firstname }}", allowed=ALLOWED, channel="sms")
    assert caught.value.merge_field == "firstname"
    assert caught.value.data == {"merge_field": "firstname", "line": 2, "column": 4}


def test_compiled_knows_its_fields_and_holes() -> None:
    compiled = merge.compile_template(
        "{{ customer.first_name }} {{ customer.last_name | default: 'you' }}"
        "{% if amount %}{{ link }}{% endif %}",
        allowed=ALLOWED,
        channel="text",
    )
    assert compiled.fields == {"customer.first_name", "customer.last_name", "amount", "link"}
    assert compiled.bare == {"customer.first_name", "link"}
    assert compiled.missing({"customer": {"first_name": ""}, "link": "x"}) == {
        "customer.first_name"
    }


def test_render_says_when_a_comparison_makes_no_sense() -> None:
    with pytest.raises(TemplateInvalid) as caught:
        render("{% if link > 5 %}yes{% endif %}")
    assert caught.value.code == "syntax"


def test_render_is_cut_off_at_the_limit() -> None:
    compiled = merge.compile_template("{{ link }}" * 30, allowed=ALLOWED, channel="text")
    with pytest.raises(TemplateInvalid) as caught:
        compiled.render({"link": "x" * 20_000})
    assert caught.value.code == "too_long"


HEAVY = [
    "{{" + " " * 19_000,
    "{%" + " " * 19_000,
    "{% raw %}" * 2_200,
    "{% raw" * 3_300,
    "{% doc %}" * 2_200,
    "{{" * 9_999,
    "{%" * 9_999,
    "{" * 20_000,
    "{% comment %}" * 1_500,
    "{% if link %}" * 1_500,
    "{{ a" + "[a" * 200 + "]" * 200 + " }}",
    "{{ link | upcase | downcase | upcase | downcase | strip | size }}" * 300,
    "{% case 1 %}{% when 1,1,1,1,1,1,1,1,1,1 %}" + "{{''}}" * 3_200 + "{% endcase %}",
    "{% if link contains 'y' %}{% endif %}" * 500,
    "{{ link | truncate: 999999999999 }}" * 19,
    "{{ '9e999999999' | round: 999999999 }}" * 400,
    "{{ -9" + "9" * 480 + " | round }}" * 1,
    "{{ link | date: '%a%A%b%B%c%d' }}" * 500,
]


@pytest.mark.parametrize("source", HEAVY, ids=range(len(HEAVY)))
def test_heavy_templates_end_soon(source: str) -> None:
    started = time.perf_counter()
    try:
        compiled = merge.compile_template(source, allowed=ALLOWED | {"a"}, channel="html")
        compiled.render({"link": "x" * 10_000})
    except TemplateInvalid as error:
        assert error.message  # noqa: PT017
    assert time.perf_counter() - started < 1


PIECES = str.split(
    "{{ }} {% %} - if endif case when else elsif unless endunless raw endraw comment endcomment "
    "for in assign link customer . first_name [ ] ( ) .. | : , ' \" default upcase truncate date "
    "1 0.5 == > and or contains nil blank empty true not é <b> __class__ %s"
)
SPACES = [" ", "\n", ""]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES + SPACES), max_size=40).map("".join))
def test_generated_templates_are_refused_or_render(source: str) -> None:
    try:
        compiled = merge.compile_template(source, allowed=ALLOWED, channel="html")
    except TemplateInvalid as error:
        assert error.message  # noqa: PT017
        return
    assert compiled.fields <= ALLOWED
    compiled.render(VALUES)
