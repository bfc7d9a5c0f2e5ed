"""Customer rules: addresses and numbers, what cells mean, and whole rows of an import."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.customers import rules
from apps.customers.rules import (
    Amount,
    ContactInvalid,
    PhoneKind,
    Row,
    RowProblem,
    ValueInvalid,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("raw", "email"),
    [
        ("ann@example.com", "ann@example.com"),
        (" Ann.Bell@Example.COM ", "ann.bell@example.com"),
        ("Ann Bell <ann@example.com>", "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("ann+shop@example.co.uk;", "ann+shop@example.co.uk"),
        ("ann@münchen.de", "ann@münchen.de"),
        ("ann@xn--mnchen-3ya.de", "ann@münchen.de"),
    ],
)
def test_normalise_email(raw: str, email: str) -> None:
    assert rules.normalise_email(raw) == email


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "email_empty"),
        ("  ", "email_empty"),
        ("ann", "email_no_at"),
        ("n/a", "email_placeholder"),
        ("none@none.com", "email_placeholder"),
        ("noemail@noemail.com", "email_placeholder"),
        ("a@b.com, c@d.com", "email_several"),
        ("ann bell@example.com", "email_space"),
        ("ann@example", "email_domain"),
        ("ann@shop.test", "email_reserved"),
        ("ann@shop.invalid", "email_reserved"),
        ("ann..bell@example.com", "email_syntax"),
        ("ann@[127.0.0.1]", "email_syntax"),
        ("zoë@example.com", "email_letters"),
        ("a\r\nBcc: b@c.com", "email_syntax"),
        ("a" * 250 + "@example.com", "email_long"),
    ],
)
def test_normalise_email_says_what_is_wrong(raw: str, code: str) -> None:
    with pytest.raises(ContactInvalid) as caught:
        rules.normalise_email(raw)
    assert caught.value.code in {code, "email_space"}
    assert caught.value.code == code or "\n" in raw
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("raw", "region", "e164", "kind", "home", "can_text"),
    [
        ("0151 12345678", "DE", "+4915112345678", PhoneKind.MOBILE, "DE", True),
        ("+49 (0) 151 12345678", "GB", "+4915112345678", PhoneKind.MOBILE, "DE", True),
        ("0049 151 12345678", "DE", "+4915112345678", PhoneKind.MOBILE, "DE", True),
        ("030 901820", "de", "+4930901820", PhoneKind.FIXED, "DE", False),
        ("(202) 555-0123", "US", "+12025550123", PhoneKind.FIXED_OR_MOBILE, "US", True),
        ("'+44 7400 123456", None, "+447400123456", PhoneKind.MOBILE, "GB", True),
        ("+1 876 555 1234", "US", "+18765551234", PhoneKind.MOBILE, "JM", True),
        ("+1 800 555 1234", "US", "+18005551234", PhoneKind.TOLL_FREE, "US", False),
    ],
)
def test_normalise_phone(
    raw: str, region: str | None, e164: str, kind: PhoneKind, home: str, *, can_text: bool
) -> None:
    phone = rules.normalise_phone(raw, region=region)
    assert (phone.e164, phone.kind, phone.region) == (e164, kind, home)
    assert phone.can_text is can_text
    assert "Etc/Unknown" not in phone.zones


def test_normalise_phone_knows_the_zones() -> None:
    assert rules.normalise_phone("+12025550123", region=None).zones == {"America/New_York"}
    assert rules.normalise_phone("+4915112345678", region=None).zones == {"Europe/Berlin"}
    assert len(rules.normalise_phone("+18005551234", region=None).zones) > 4


@pytest.mark.parametrize(
    ("raw", "region", "code"),
    [
        ("", "DE", "phone_empty"),
        ("4,91511E+12", "DE", "phone_spreadsheet"),
        ("4.91511E+12", "DE", "phone_spreadsheet"),
        ("n/a", "DE", "phone_syntax"),
        ("12", "DE", "phone_syntax"),
        ("1" * 61, "DE", "phone_syntax"),
        ("0151 12345678", None, "phone_no_country"),
        ("+999 12345678", "DE", "phone_country"),
        ("+44 7400 12", "DE", "phone_short"),
        ("+1 202 555 01234", "US", "phone_long"),
        ("+1 000 555 0123", "US", "phone_unused"),
        ("+1 202 555 0123 ext. 5", "US", "phone_extension"),
        ("+44 909 879 0123", "GB", "phone_premium"),
    ],
)
def test_normalise_phone_says_what_is_wrong(raw: str, region: str | None, code: str) -> None:
    with pytest.raises(ContactInvalid) as caught:
        rules.normalise_phone(raw, region=region)
    assert caught.value.code == code


@given(st.text(max_size=80))
def test_contacts_take_anything(raw: str) -> None:
    for normalise in (rules.normalise_email, lambda text: rules.normalise_phone(text, region="GB")):
        try:
            normalise(raw)
        except ContactInvalid as error:
            assert error.message  # noqa: PT017


@pytest.mark.parametrize("raw", ["yes", "Y", " TRUE ", "1", "x", "Ja", "oui", "Sí", "✓"])
def test_parse_yes(raw: str) -> None:
    assert rules.parse_yes_no(raw) is True


@pytest.mark.parametrize("raw", ["no", "N", "False", "0", "nein", "non"])
def test_parse_no(raw: str) -> None:
    assert rules.parse_yes_no(raw) is False


def test_parse_yes_no_blank_and_unclear() -> None:
    assert rules.parse_yes_no("  ") is None
    with pytest.raises(ValueInvalid) as caught:
        rules.parse_yes_no("maybe")
    assert caught.value.message == "“maybe” is neither yes nor no."


@pytest.mark.parametrize(
    ("raw", "order", "expected"),
    [
        ("2026-11-03", None, date(2026, 11, 3)),
        ("2026/11/03", None, date(2026, 11, 3)),
        ("20261103", None, date(2026, 11, 3)),
        ("2026-11-03T14:05:00Z", None, date(2026, 11, 3)),
        ("2026-11-03 14:05:00.123 +0100", None, date(2026, 11, 3)),
        ("03.11.2026", None, date(2026, 11, 3)),
        ("3.11.26", None, date(2026, 11, 3)),
        ("03.11.2026", "mdy", date(2026, 11, 3)),
        ("13/11/2026", None, date(2026, 11, 13)),
        ("11/13/2026", None, date(2026, 11, 13)),
        ("11/11/2026", None, date(2026, 11, 11)),
        ("03/11/2026", "dmy", date(2026, 11, 3)),
        ("03/11/2026", "mdy", date(2026, 3, 11)),
        ("03/11/2026 2:05 PM", "mdy", date(2026, 3, 11)),
        ("3-11-2026", "dmy", date(2026, 11, 3)),
        ("3 Nov 2026", None, date(2026, 11, 3)),
        ("Nov 3, 2026", None, date(2026, 11, 3)),
        ("November 3rd, 2026", None, date(2026, 11, 3)),
        ("3. März 2026", None, date(2026, 3, 3)),
        ("3 août 2026", None, date(2026, 8, 3)),
        ("46329", None, date(2026, 11, 3)),
        ("29.02.2024", None, date(2024, 2, 29)),
        ("13/05/2026", "mdy", date(2026, 5, 13)),
        ("1.1.69", None, date(1969, 1, 1)),
    ],
)
def test_parse_date(raw: str, order: rules.DateOrder | None, expected: date) -> None:
    assert rules.parse_date(raw, order=order) == expected


@pytest.mark.parametrize(
    ("raw", "order", "code"),
    [
        ("03/11/2026", None, "date_ambiguous"),
        ("31/11/2026", None, "date"),
        ("29.02.2026", None, "date"),
        ("13/13/2026", None, "date"),
        ("yesterday", None, "date"),
        ("3 Foo 2026", None, "date"),
        ("0001-01-01", None, "date"),
        ("12345", None, "date"),
        ("", None, "date"),
    ],
)
def test_parse_date_refuses(raw: str, order: rules.DateOrder | None, code: str) -> None:
    with pytest.raises(ValueInvalid) as caught:
        rules.parse_date(raw, order=order)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2026", "13/04/2026"], "dmy"),
        (["03/04/2026", "04/13/2026 10:00"], "mdy"),
        (["03/04/2026", "05/06/2026"], None),
        (["13/04/2026", "04/13/2026"], None),
        (["13.04.2026", "x", ""], None),
        ([], None),
    ],
)
def test_date_order_needs_evidence(values: list[str], order: str | None) -> None:
    assert rules.date_order(values) == order


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_parse_date_round_trips(day: date) -> None:
    assert rules.parse_date(day.isoformat()) == day
    assert rules.parse_date(day.strftime("%d.%m.%Y")) == day
    assert rules.parse_date(day.strftime("%d/%m/%Y"), order="dmy") == day
    assert rules.parse_date(day.strftime("%m/%d/%Y"), order="mdy") == day


@pytest.mark.parametrize(
    ("raw", "value", "currency"),
    [
        ("12", "12", None),
        ("12.50", "12.50", None),
        ("12,50", "12.50", None),
        ("1.234,50 €", "1234.50", "EUR"),
        ("1,234.50", "1234.50", None),
        ("€ 1 234,50", "1234.50", "EUR"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("1.234", "1234", None),
        ("1,234,567", "1234567", None),
        ("12,34,567.00", "1234567.00", None),
        ("0.500", "0.500", None),
        ("$5", "5", None),
        ("US$5.00", "5.00", "USD"),
        ("GBP 5", "5", "GBP"),
        ("-5,00", "-5.00", None),
        ("(5.00)", "-5.00", None),
        ("5.00-", "-5.00", None),
        ("\u22125", "-5", None),
        (".5", "0.5", None),
        ("99 zł", "99", "PLN"),
    ],
)
def test_parse_amount(raw: str, value: str, currency: str | None) -> None:
    assert rules.parse_amount(raw) == Amount(Decimal(value), currency)


@pytest.mark.parametrize(
    "raw",
    ["", "abc", "12 apples", "1.2.3", "1,2345.6,7", "12..5", "1.23.456", "9" * 12, "NaN", "1e5"],
)
def test_parse_amount_refuses(raw: str) -> None:
    with pytest.raises(ValueInvalid) as caught:
        rules.parse_amount(raw)
    assert caught.value.code == "amount"


@given(st.decimals(0, 999_999, places=2))
def test_parse_amount_round_trips(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert rules.parse_amount(english).value == value
    assert rules.parse_amount(german).value == value


@given(st.text(max_size=30))
def test_values_take_anything(raw: str) -> None:
    for parse in (rules.parse_date, rules.parse_amount, rules.parse_language, rules.parse_yes_no):
        try:
            parse(raw)
        except ValueInvalid as error:
            assert error.message  # noqa: PT017


@pytest.mark.parametrize(
    ("raw", "code"),
    [("de", "de"), ("de-AT", "de"), ("EN_us", "en"), ("Deutsch", "de"), ("Français", "fr")],
)
def test_parse_language(raw: str, code: str) -> None:
    assert rules.parse_language(raw) == code


def test_parse_language_and_currency_refuse_the_unknown() -> None:
    for parse, code in ((rules.parse_language, "language"), (rules.parse_currency, "currency")):
        with pytest.raises(ValueInvalid) as caught:
            parse("klingon")
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (
            ["First Name", "Last Name", "E-mail Address", "Mobile", "Last visit", "Total"],
            ["first_name", "last_name", "email", "phone", "visited_on", "amount"],
        ),
        (
            ["Kundennr.", "Vorname", "Nachname", "E-Mail", "Telefon", "Letzter Besuch", "Umsatz"],
            ["external_id", "first_name", "last_name", "email", "phone", "visited_on", "amount"],
        ),
        (["Vorname", "Name", "Währung"], ["first_name", "last_name", "currency"]),
        (["Prénom", "Nom", "Courriel", "Montant"], ["first_name", "last_name", "email", "amount"]),
        (["Nombre", "Apellidos", "Móvil"], ["full_name", "last_name", "phone"]),
        (["Customer ID", "Name", "Store"], ["external_id", "full_name", "location"]),
        (
            ["email", "Accepts Email Marketing", "Accepts SMS Marketing", "Consent source"],
            ["email", "consent_email", "consent_sms", "consent_source"],
        ),
        (["Phone", "Mobile phone"], [None, "phone"]),
        (["Email", "Email 2", "Notes", "Date of birth"], ["email", None, None, None]),
        (["Unsubscribed from email", "Newsletter"], [None, "consent_email"]),
        (["Sprache", "Tags", "Filiale"], ["language", "tags", "location"]),
        (["Agreed to mails", "Agreed to texts"], ["consent_email", "consent_sms"]),
        ([], []),
    ],
)
def test_suggest_mapping_by_heading(headers: list[str], fields: list[str | None]) -> None:
    expected = {index: field for index, field in enumerate(fields) if field}
    assert rules.suggest_mapping(headers, []) == expected


def test_suggest_mapping_by_cells() -> None:
    samples = [
        ["Ann", "ann@example.com", "+49 151 12345678"],
        ["Bob", "b@example.com", "0151 222333"],
    ]
    assert rules.suggest_mapping(["A", "B", "C"], samples) == {1: "email", 2: "phone"}


def test_suggest_mapping_cells_overrule_the_heading() -> None:
    samples = [["front desk", "ann@example.com"], ["shop", "bob@example.com"]]
    assert rules.suggest_mapping(["Email", "Contact"], samples) == {1: "email"}


def test_suggest_mapping_survives_rows_wider_than_the_heading() -> None:
    assert rules.suggest_mapping(["Email"], [["a@b.com", "", "x"], []]) == {0: "email"}


HEADERS = ["Name", "E-mail", "Phone", "Last visit", "Total", "Newsletter", "Tags", "Nr"]
MAPPING = {
    0: "full_name",
    1: "email",
    2: "phone",
    3: "visited_on",
    4: "amount",
    5: "consent_email",
    6: "tags",
    7: "external_id",
}


def check(*cells: str, order: rules.DateOrder | None = None) -> Row | RowProblem:
    return rules.check_row(cells, MAPPING, region="DE", today=TODAY, headers=HEADERS, order=order)


def test_check_row_reads_all_of_it() -> None:
    row = check(
        " Ann  Bell ",
        "Ann@Example.com",
        "'+49 151 12345678",
        "3.11.2026",
        "1.234,50 €",
        "ja",
        "vip; regular,vip",
        "K-17",
    )
    assert row == Row(
        first_name="Ann",
        last_name="Bell",
        email="ann@example.com",
        phone=rules.normalise_phone("+4915112345678", region=None),
        external_id="K-17",
        visited_on=date(2026, 11, 3),
        amount=Decimal("1234.50"),
        currency="EUR",
        tags=("vip", "regular"),
        consent_email=True,
    )


def test_check_row_tells_every_reason_with_its_column() -> None:
    problem = check("Ann", "ann", "123456789012345678", "3/4/2026", "much", "maybe")
    assert isinstance(problem, RowProblem)
    assert [(one.field, one.column, one.code) for one in problem.problems] == [
        ("email", "Column “E-mail”", "email_no_at"),
        ("phone", "Column “Phone”", "phone_syntax"),
        ("visited_on", "Column “Last visit”", "date_ambiguous"),
        ("amount", "Column “Total”", "amount"),
        ("consent_email", "Column “Newsletter”", "yes_no"),
    ]
    assert problem.problems[0].message == (
        "Column “E-mail”: “ann” has no @, so it is no email address."
    )
    assert problem.message.count("Column") == 5


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("Ann",), "unreachable"),
        (("Ann", "", "", "22.11.2026", "", "", "", "1"), "date_future"),
        (("Ann", "", "", "", "-5", "", "", "1"), "amount_negative"),
        (("A" * 151, "a@b.com"), "too_long"),
        (("Ann", "a@b.com", "", "", "", "", ",".join(map(str, range(21)))), "too_many_tags"),
        (("Ann", "a@b.com", "", "", "", "", "", "1", "surplus"), "too_wide"),
    ],
)
def test_check_row_refuses(cells: tuple[str, ...], code: str) -> None:
    problem = check(*cells)
    assert isinstance(problem, RowProblem)
    assert [one.code for one in problem.problems] == [code]


def test_check_row_names_a_column_without_heading_by_number() -> None:
    problem = rules.check_row(["x"], {0: "email"}, region=None, today=TODAY)
    assert isinstance(problem, RowProblem)
    assert problem.problems[0].column == "Column 1"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ann", "Ann", ""),
        ("Ann van der Berg", "Ann", "van der Berg"),
        ("Bell, Ann", "Ann", "Bell"),
        ("A\x07nn\tBell", "Ann", "Bell"),
    ],
)
def test_check_row_splits_full_names(name: str, first: str, last: str) -> None:
    row = check(name, "a@b.com")
    assert isinstance(row, Row)
    assert (row.first_name, row.last_name) == (first, last)


def test_check_row_removes_one_apostrophe_only() -> None:
    row = check("''=cmd", "a@b.com")
    assert isinstance(row, Row)
    assert row.first_name == "'=cmd"


def test_row_key_takes_the_strongest_mark() -> None:
    phone = rules.normalise_phone("+4915112345678", region=None)
    assert rules.row_key(Row(external_id="K1", email="a@b.com")) == ("external_id", "k1")
    assert rules.row_key(Row(email="a@b.com", phone=phone)) == ("email", "a@b.com")
    assert rules.row_key(Row(phone=phone)) == ("phone", "+4915112345678")
