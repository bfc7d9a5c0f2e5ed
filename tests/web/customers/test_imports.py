"""The pages of an import, from the file to the rows to mend."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apps.customers.models import Customer, ImportRun
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.customers import files
from tests.factories import make_location

START = "/customers/import/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def mona(client_for: ClientFor) -> Client:
    return client_for("mona")


def send(client: Client, data: bytes, name: str = "customers.csv") -> Any:
    return client.post(START, {"file": files.upload(data, name)})


def columns_of(client: Client, url: str) -> dict[str, Any]:
    """Return what the page of the columns would send as it stands."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def state_of(client: Client, url: str) -> str:
    context: Any = client.get(url).context
    return str(context["run"].state)


def work() -> None:
    jobs.drain(lanes=[Lane.INTERACTIVE])


def test_a_file_goes_in_as_a_person_would_do_it(mona: Client, alpha: Business) -> None:
    url = send(mona, files.german()).headers["Location"]
    page = mona.get(url).content.decode()
    assert "Kundennummer" in page
    chosen = columns_of(mona, url)
    assert chosen["column_4"] == "phone"

    agreed = {
        "region": "DE", "consent_basis": "express", "consent_purposes": ["review_request"],
        "consent_wording": "Ja, fragt mich", "consent_source": "Formular",
    }  # fmt: skip
    answer = mona.post(f"{url}columns/", chosen | agreed | {"column_7": ""})
    assert answer.headers["Location"] == url
    busy = mona.get(url).content.decode()
    assert "Checking the file" in busy
    assert f'hx-get="{url}progress/" hx-trigger="every 2s"' in busy
    part = mona.get(f"{url}progress/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()

    work()
    over = mona.get(f"{url}progress/", headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == url
    assert mona.get(f"{url}progress/").headers["Location"] == url
    checked = mona.get(url).content.decode()
    assert "Nothing is changed yet." in checked
    assert "joerg(at)example.com” has no @" in checked
    assert mona.get(f"{url}?step=columns").context["form"]["region"].value() == "DE"

    assert mona.post(f"{url}commit/").headers["Location"] == url
    work()
    done = mona.get(url).content.decode()
    assert "The file is in." in done
    assert "3 rows were left out" in done
    with wall.as_business(alpha):
        assert Customer.objects.count() == 4
    assert "customers.csv" in mona.get(START).content.decode()
    assert "moved on meanwhile" in mona.post(f"{url}commit/", follow=True).content.decode()


def test_rows_to_mend_are_handed_out(mona: Client) -> None:
    url = send(mona, files.german()).headers["Location"]
    mona.post(f"{url}columns/", columns_of(mona, url) | {"column_8": "", "region": "DE"})
    work()

    rejects = mona.get(f"{url}rejects.csv")

    assert rejects.headers["Content-Disposition"] == 'attachment; filename="rows-to-mend.csv"'
    lines = read(rejects).decode().splitlines()
    assert lines[0].endswith(",Line,What to mend")
    assert sum("no @" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"Name,Email\n", "The file has a heading but no rows."),
        (b"PK\x03\x04" + b"\0" * 50, "This looks like an Excel workbook; save it as CSV"),
        (b"\x89PNG\r\n", "This is not a text file"),
        (("a" * 3 + "," * 300 + "\n").encode() * 3, "at most 200 can be read"),
    ],
)
def test_a_wrong_file_is_told_at_the_field(
    mona: Client, alpha: Business, data: bytes, words: str
) -> None:
    answer = send(mona, data)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'id="id_file_error"' in page
    with wall.as_business(alpha):
        assert ImportRun.objects.count() == 0


def test_no_file_is_told_at_the_field(mona: Client) -> None:
    for data in ({}, {"file": "text"}):
        answer = mona.post(START, data)
        assert answer.status_code == 422
        assert "Choose a file first." in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"column_2": "", "column_3": ""}, "Choose the column that holds the email address"),
        ({"column_0": "email"}, "Two columns cannot hold the same"),
        ({"column_0": "password"}, "Select a valid choice"),
        ({"region": ""}, "This field is required"),
        ({"consent_basis": "express"}, "Choose at least one thing they agreed to."),
        ({"column_0": "consent_sms"}, "choose how they did, or leave the column out"),
        (
            {
                "consent_basis": "implied", "consent_purposes": ["recovery"],
                "consent_channels": [],
            },
            "Choose at least one way.",
        ),
        (
            {
                "column_0": "consent_email", "consent_basis": "express",
                "consent_purposes": ["recovery"], "consent_wording": "Yes",
                "consent_channels": ["sms"],
            },
            "The file says who agreed to one way only.",
        ),
    ],
)  # fmt: skip
def test_wrong_columns_are_told_and_nothing_typed_is_lost(
    mona: Client, alpha: Business, values: dict[str, Any], words: str
) -> None:
    url = send(mona, files.many(3)).headers["Location"]
    sent = columns_of(mona, url) | {"consent_source": "My own words"} | values

    answer = mona.post(f"{url}columns/", sent)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'value="My own words"' in page
    with wall.as_business(alpha):
        assert ImportRun.objects.get().state == "uploaded"


def test_no_way_is_ticked_and_the_only_location_is_chosen(mona: Client, alpha: Business) -> None:
    with wall.as_business(alpha):
        place = make_location(name="Mill Lane")
    url = send(mona, files.many(3)).headers["Location"]

    form = mona.get(url).context["form"]
    assert form["consent_channels"].value() is None
    assert form["location"].value() == str(place.pk)

    with wall.as_business(alpha):
        make_location(name="Quay")
    assert mona.get(url).context["form"]["location"].value() is None


def test_a_guessed_file_shows_the_letters_that_could_be_wrong(mona: Client) -> None:
    data = "Name,Email\nAnn,a@example.com\nBob,b@example.com\nCy,c@example.com\n"
    url = send(mona, f"{data}Zoë,z@example.com\n".encode("cp1252")).headers["Location"]

    assert mona.get(url).context["columns"][0]["samples"] == ["Zoë", "Ann", "Bob"]


def test_what_is_needed_is_not_called_optional(mona: Client) -> None:
    url = send(mona, files.german()).headers["Location"]
    page = mona.get(url).content.decode()
    assert "needed if they said yes" in page
    assert "needed: a column of the file says who agreed" in page


def test_cancel_stops_the_import(mona: Client, alpha: Business) -> None:
    url = send(mona, files.many(3)).headers["Location"]

    assert "Stopped." in mona.post(f"{url}cancel/", follow=True).content.decode()
    assert "moved on" in mona.post(f"{url}cancel/", follow=True).content.decode()
    assert "moved on" in mona.post(f"{url}columns/", {
        "region": "GB", "column_2": "email",
    }, follow=True).content.decode()  # fmt: skip
    with wall.as_business(alpha):
        assert ImportRun.objects.get().state == "cancelled"


@pytest.mark.parametrize("name", ["bob", "ana"])
def test_import_is_denied(client_for: ClientFor, mona: Client, alpha: Business, name: str) -> None:
    url = send(mona, files.many(3)).headers["Location"]
    client = client_for(name)

    assert send(client, files.many(3)).status_code == 403
    for part in ("", "progress/", "rejects.csv"):
        assert client.get(f"{url}{part}").status_code == 403
    for part in ("columns/", "commit/", "cancel/"):
        assert client.post(f"{url}{part}").status_code == 403
    with wall.as_business(alpha):
        assert ImportRun.objects.get().state == "uploaded"


def test_other_business_finds_no_import(client_for: ClientFor, mona: Client) -> None:
    url = send(mona, files.many(3)).headers["Location"]
    dora = client_for("dora", business="beta")

    for part in ("", "progress/", "rejects.csv"):
        assert dora.get(f"{url}{part}").status_code == 404
    for part in ("columns/", "commit/", "cancel/"):
        assert dora.post(f"{url}{part}").status_code == 404


def test_reading_writes_nothing(mona: Client, alpha: Business) -> None:
    url = send(mona, files.many(3)).headers["Location"]
    for part in ("commit/", "cancel/", "columns/"):
        assert mona.get(f"{url}{part}").status_code == 405
    with wall.as_business(alpha):
        assert ImportRun.objects.get().state == "uploaded"


TABLES = st.lists(
    st.lists(st.text(max_size=12), min_size=1, max_size=6), min_size=1, max_size=8
).map(lambda rows: "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass"))
HEADED = TABLES.map(lambda body: b"Name,Email,Phone,Date,Amount,Tags\n" + body)


@pytest.mark.filterwarnings("ignore:.*")
@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(data=st.one_of(st.binary(max_size=400), TABLES, HEADED))
def test_any_bytes_are_taken_or_refused_in_words(mona: Client, data: bytes) -> None:
    answer = send(mona, data)
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        return
    url = answer.headers["Location"]
    assert mona.get(url).status_code == 200
    chosen = columns_of(mona, url)
    chosen.setdefault("column_0", "email")
    assert mona.post(f"{url}columns/", chosen).status_code in {302, 422}
    work()
    page = mona.get(url)
    assert page.status_code == 200
    assert mona.post(f"{url}commit/").status_code == 302
    work()
    assert read(mona.get(f"{url}rejects.csv"))
    assert state_of(mona, url) not in {"checking", "running"}
