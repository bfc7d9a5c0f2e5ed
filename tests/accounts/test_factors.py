"""Second factors: an app, passkeys, recovery codes; and what a hand-over takes along."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.template import Context
from django.test import Client, RequestFactory

from apps.accounts.models import PlatformMail
from apps.tenants import wall
from apps.web.shared.templatetags import ui
from tests.conftest import ClientFor, person
from tests.rigs.passkey import Passkey
from tests.template import PASSWORD

LOGIN = "/account/login/"
APP = "/account/2fa/totp/activate/"
CHALLENGE = "/account/2fa/authenticate/"
CODES = "/account/2fa/recovery-codes/"


def sign_in(name: str = "bob", *, host: str = "alpha.localhost") -> tuple[Client, str]:
    """Give the right password; return the browser and where it was sent."""
    client = Client(HTTP_HOST=host)
    given = {"login": f"{name}@alpha.example", "password": PASSWORD}
    return client, str(client.post(LOGIN, given).headers.get("Location", ""))


def prove(client: Client) -> None:
    """Give the password again, as is asked before anything is changed."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


def app_code(secret: str, *, ahead: int = 0) -> str:
    """Return the code that an app shows now."""
    step = int(time.time()) // 30 + ahead
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def add_app(client: Client) -> tuple[str, list[str]]:
    """Add an app; return its secret and the recovery codes that are shown after it."""
    page = client.get(APP).content.decode()
    found = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)
    assert found, page
    secret = found[1].replace(" ", "")
    done = client.post(APP, {"code": app_code(secret)})
    assert (done.status_code, done.headers["Location"]) == (302, CODES)
    cache.clear()
    return secret, read_codes(client)


def read_codes(client: Client) -> list[str]:
    """Return the recovery codes that the page shows."""
    page = client.get(CODES).content.decode()
    shown = re.search(r'(?s)id="codes">(.*?)</div>', page)
    return shown[1].split() if shown else []


def factors(name: str = "bob") -> list[str]:
    with wall.as_platform():
        rows = Authenticator.objects.filter(user=person(name)).order_by("type")
        return list(rows.values_list("type", flat=True))


def add_passkey(name: str = "bob", title: str = "Laptop") -> int:
    with wall.as_platform():
        row = Authenticator.objects.create(
            user=person(name), type="webauthn", data={"name": title, "credential": {}}
        )
        return int(row.pk)


def mails() -> list[str]:
    with wall.as_platform():
        return [mail.text for mail in PlatformMail.objects.order_by("created_at", "pk")]


@pytest.fixture
def bob(db: None) -> Client:
    """Return a browser in which Bob has just shown who he is."""
    client, _ = sign_in()
    prove(client)
    return client


def test_app_is_added_with_its_first_code(
    bob: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = bob.get(APP).content.decode()
    assert '<div class="qr" role="img"' in page
    assert "<svg" in page
    assert " style=" not in page
    with django_capture_on_commit_callbacks(execute=True):
        secret, codes = add_app(bob)
    assert (factors(), len(set(codes))) == (["recovery_codes", "totp"], 10)
    with wall.as_platform():
        kept = json.dumps([row.data for row in Authenticator.objects.all()])
    assert secret not in kept
    assert [code for code in codes if code in kept] == []
    assert "An authenticator app was added to your log-in." in mails()[0]


def test_wrong_first_code_adds_nothing(bob: Client) -> None:
    bob.get(APP)
    response = bob.post(APP, {"code": "12"})
    assert "This code is not right" in response.content.decode()
    assert factors() == []


def test_codes_are_shown_once(bob: Client) -> None:
    _, codes = add_app(bob)
    again = bob.get(CODES).content.decode()
    assert [code for code in codes if code in again] == []
    assert "10 codes are left." in again


def test_password_alone_opens_nothing_any_more(bob: Client) -> None:
    secret, _ = add_app(bob)
    client, to = sign_in()
    assert to == CHALLENGE
    assert client.get("/").status_code == 302
    assert "One more step" in client.get(CHALLENGE).content.decode()
    wrong = client.post(CHALLENGE, {"code": "000"})
    assert "This code is not right" in wrong.content.decode()
    assert client.get("/").status_code == 302
    right = client.post(CHALLENGE, {"code": app_code(secret)})
    assert (right.status_code, right.headers["Location"]) == (302, "/")
    assert "Bob" in client.get("/").content.decode()


def test_code_of_the_app_works_once(bob: Client) -> None:
    secret, _ = add_app(bob)
    code = app_code(secret)
    first, _ = sign_in()
    assert first.post(CHALLENGE, {"code": code}).status_code == 302
    second, _ = sign_in()
    assert second.post(CHALLENGE, {"code": code}).status_code == 200


def test_recovery_code_works_once_and_the_rest_are_counted(bob: Client) -> None:
    _, codes = add_app(bob)
    client, _ = sign_in()
    assert client.post(CHALLENGE, {"code": codes[3]}).status_code == 302
    again, _ = sign_in()
    assert again.post(CHALLENGE, {"code": codes[3]}).status_code == 200
    assert "9 codes left" in client.get("/settings/profile/security/").content.decode()


def test_new_codes_end_those_of_before(
    bob: Client, django_capture_on_commit_callbacks: Any
) -> None:
    _, codes = add_app(bob)
    assert "The 10 codes that are left" in bob.get(f"{CODES}generate/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert bob.post(f"{CODES}generate/").headers["Location"] == CODES
    assert "New recovery codes were made for your log-in" in mails()[-1]
    fresh = read_codes(bob)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    client, _ = sign_in()
    assert client.post(CHALLENGE, {"code": codes[0]}).status_code == 200
    assert client.post(CHALLENGE, {"code": fresh[0]}).status_code == 302


def test_guessing_codes_is_limited(bob: Client, settings: Any) -> None:
    secret, _ = add_app(bob)
    settings.ACCOUNT_RATE_LIMITS = settings.LOGIN_LIMITS
    client, _ = sign_in()
    for _ in range(5):
        client.post(CHALLENGE, {"code": "000"})
    page = client.post(CHALLENGE, {"code": app_code(secret)}).content.decode()
    assert "Please wait five minutes" in page
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", [APP, f"{CODES}generate/", "/account/2fa/webauthn/add/"])
def test_changing_asks_for_the_password_again(client_for: ClientFor, path: str) -> None:
    client = client_for("bob")
    answer = client.get(path)
    assert answer.headers["Location"].startswith("/account/reauthenticate/?next=")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Is it you?" in page
    wrong = client.post("/account/reauthenticate/", {"password": "wrong"})
    assert "This is not your present password." in wrong.content.decode()
    assert factors() == []


def test_code_shows_who_one_is_as_the_password_does(bob: Client) -> None:
    secret, _ = add_app(bob)
    client, _ = sign_in()
    client.post(CHALLENGE, {"code": app_code(secret)})
    cache.clear()
    page = client.get("/account/reauthenticate/").content.decode()
    assert ">Use a code<" in page
    page = client.get("/account/2fa/reauthenticate/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    given = {"code": app_code(secret), "next": f"{CODES}generate/"}
    done = client.post("/account/2fa/reauthenticate/", given)
    assert done.headers["Location"] == f"{CODES}generate/"
    assert client.get(f"{CODES}generate/").status_code == 200


def test_removing_the_last_one_needs_the_password(bob: Client) -> None:
    add_app(bob)
    with wall.as_platform():
        path = f"/account/2fa/remove/{Authenticator.objects.get(type='totp').pk}/"
    assert "It is the last one" in bob.get(path).content.decode()
    for given in ("", "wrong"):
        assert bob.post(path, {"password": given}).status_code == 422
        assert factors() == ["recovery_codes", "totp"]
    done = bob.post(path, {"password": PASSWORD})
    assert (done.headers["Location"], factors()) == ("/account/2fa/", [])
    assert "The authenticator app was removed from your log-in." in mails()[-1]
    assert sign_in()[1] == "/"


def test_removing_is_limited(bob: Client, settings: Any) -> None:
    key = add_passkey()
    settings.ACCOUNT_RATE_LIMITS = settings.LOGIN_LIMITS
    path = f"/account/2fa/remove/{key}/"
    for _ in range(5):
        bob.post(path, {"password": "wrong"})
    page = bob.post(path, {"password": PASSWORD}).content.decode()
    assert "Please wait 5 minutes" in page
    assert factors() == ["webauthn"]


def test_passkey_is_renamed_and_removed(bob: Client) -> None:
    add_app(bob)
    key = add_passkey()
    page = bob.get(f"/account/2fa/webauthn/keys/{key}/edit/").content.decode()
    assert 'value="Laptop"' in page
    bob.post(f"/account/2fa/webauthn/keys/{key}/edit/", {"name": "Blue key"})
    page = bob.get("/settings/profile/security/").content.decode()
    assert "Blue key" in page
    assert "It works no more" in bob.get(f"/account/2fa/remove/{key}/").content.decode()
    bob.post(f"/account/2fa/remove/{key}/", {"password": PASSWORD})
    assert factors() == ["recovery_codes", "totp"]
    assert "A passkey was removed from your log-in." in mails()[-1]


def test_nobody_touches_the_factors_of_others(bob: Client) -> None:
    key = add_passkey("mona", "Hers")
    given = {"password": PASSWORD, "name": "Mine"}
    for path in (f"remove/{key}/", f"webauthn/keys/{key}/edit/"):
        assert bob.get(f"/account/2fa/{path}").status_code == 404
        assert bob.post(f"/account/2fa/{path}", given).status_code == 404
    with wall.as_platform():
        assert Authenticator.objects.get().data["name"] == "Hers"
    assert "Hers" not in bob.get("/settings/profile/security/").content.decode()


KEYS = "/account/2fa/webauthn/"


def options_of(page: str) -> Any:
    """Return what the page hands to the browser."""
    found = re.search(r'(?s)<script id="passkey-options"[^>]*>(.*?)</script>', page)
    assert found, page
    return json.loads(found[1])


@pytest.fixture
def passkey(db: None) -> Passkey:
    """Return Bob's passkey, added on the platform's own host."""
    client, _ = sign_in(host="localhost")
    prove(client)
    asked = options_of(client.get(f"{KEYS}add/").content.decode())["creation_options"]
    made = Passkey()
    given = {"name": "Laptop", "passwordless": "on", "credential": made.register(asked)}
    assert client.post(f"{KEYS}add/", given).headers["Location"] == CODES
    return made


def ask(client: Client) -> Any:
    """Return the options of a log-in by passkey."""
    return client.get(f"{KEYS}login/", headers={"accept": "application/json"}).json()[
        "request_options"
    ]


def test_passkey_signs_in_without_the_password(passkey: Passkey) -> None:
    assert factors() == ["recovery_codes", "webauthn"]
    assert "A passkey was added to your log-in." in mails()[0]
    client = Client(HTTP_HOST="localhost")
    given = {"credential": passkey.sign(ask(client)), "next": "/to/alpha/"}
    done = client.post(f"{KEYS}login/", given)
    assert (done.status_code, done.headers["Location"]) == (302, "/to/alpha/")
    assert 'action="/account/go/alpha/"' in client.get("/to/alpha/").content.decode()


def test_passkey_is_the_second_thing_after_the_password(passkey: Passkey) -> None:
    client, to = sign_in(host="localhost")
    assert to == CHALLENGE
    asked = options_of(client.get(CHALLENGE).content.decode())["request_options"]
    done = client.post(CHALLENGE, {"credential": passkey.sign(asked)})
    assert (done.status_code, done.headers["Location"]) == (302, "/")
    assert "Alpha Bikes" in client.get("/").content.decode()


def test_business_leads_to_where_the_passkey_works(passkey: Passkey) -> None:
    client, to = sign_in()
    assert to == CHALLENGE
    page = client.get(CHALLENGE).content.decode()
    assert "http://localhost:8000/account/login/?next=/to/alpha/" in page
    page = Client(HTTP_HOST="alpha.localhost").get(LOGIN).content.decode()
    assert "http://localhost:8000/account/login/?next=/to/alpha/" in page


def test_passkey_shows_who_one_is_before_a_change(passkey: Passkey) -> None:
    client, _ = sign_in(host="localhost")
    asked = options_of(client.get(CHALLENGE).content.decode())["request_options"]
    client.post(CHALLENGE, {"credential": passkey.sign(asked)})
    page = client.get(f"{KEYS}reauthenticate/").content.decode()
    given = {
        "credential": passkey.sign(options_of(page)["request_options"]),
        "next": f"{CODES}generate/",
    }
    done = client.post(f"{KEYS}reauthenticate/", given)
    assert done.headers["Location"] == f"{CODES}generate/"
    assert client.get(f"{CODES}generate/").status_code == 200


def test_foreign_key_with_the_same_name_signs_nobody_in(passkey: Passkey) -> None:
    forged = Passkey(id=passkey.id, user=passkey.user)
    client = Client(HTTP_HOST="localhost")
    done = client.post(f"{KEYS}login/", {"credential": forged.sign(ask(client))})
    assert done.headers["Location"] == LOGIN
    assert client.get("/new/").status_code == 302
    client, _ = sign_in(host="localhost")
    asked = options_of(client.get(CHALLENGE).content.decode())["request_options"]
    refused = client.post(CHALLENGE, {"credential": forged.sign(asked)})
    assert "This passkey does not belong to your log-in" in refused.content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example"])
def test_answer_for_another_site_signs_nobody_in(passkey: Passkey, origin: str) -> None:
    passkey.origin = origin
    client = Client(HTTP_HOST="localhost")
    done = client.post(f"{KEYS}login/", {"credential": passkey.sign(ask(client))})
    assert done.headers["Location"] == LOGIN


def test_answer_works_once(passkey: Passkey) -> None:
    client = Client(HTTP_HOST="localhost")
    answer = passkey.sign(ask(client))
    assert client.post(f"{KEYS}login/", {"credential": answer}).headers["Location"] == "/"
    client.post("/account/logout/")
    assert client.post(f"{KEYS}login/", {"credential": answer}).headers["Location"] == LOGIN


@pytest.mark.parametrize("credential", ["", "{}", "[]", "nonsense", '{"id": 7}'])
def test_what_is_no_passkey_signs_nobody_in(db: None, credential: str) -> None:
    client = Client(HTTP_HOST="localhost")
    path = "/account/2fa/webauthn/login/"
    asked = client.get(path, headers={"accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["rpId"] == "localhost"
    assert client.post(path, {"credential": credential}).headers["Location"] == LOGIN
    assert client.get("/new/").status_code == 302


def test_passkeys_belong_to_the_platform(bob: Client) -> None:
    page = bob.get("/account/2fa/webauthn/add/").content.decode()
    assert 'href="http://localhost:8000/account/2fa/webauthn/add/"' in page
    client, _ = sign_in(host="localhost")
    prove(client)
    page = client.get("/account/2fa/webauthn/add/").content.decode()
    assert '"rp": {"name": "cxsaas", "id": "localhost"}' in page
    for broken in ("{}", '{"id": 7, "rawId": 8}', '{"id": "AA", "rawId": "AA", "response": {}}'):
        given = {"name": "Laptop", "credential": broken}
        refused = client.post("/account/2fa/webauthn/add/", given)
        assert "The passkey did not fit" in refused.content.decode()
    assert factors() == []


@pytest.mark.parametrize(
    ("base", "host", "elsewhere"),
    [
        ("localhost", "localhost", ""),
        ("localhost", "alpha.localhost", "http://localhost:8000"),
        ("cx.example", "cx.example", ""),
        ("cx.example", "alpha.cx.example", ""),
        ("cx.example", "reviews.bluebird.example", "http://cx.example:8000"),
    ],
)
def test_passkeys_work_below_the_platforms_own_name(
    settings: Any, base: str, host: str, elsewhere: str
) -> None:
    settings.BASE_DOMAIN = base
    request = RequestFactory().get("/", headers={"host": host})
    assert ui.passkey_host(Context({"request": request})) == elsewhere


def test_overview_stands_on_both_hosts(bob: Client) -> None:
    assert bob.get("/account/2fa/").headers["Location"] == "/settings/profile/security/"
    client, _ = sign_in(host="localhost")
    page = client.get("/account/2fa/").content.decode()
    assert "Your password is all there is" in page
    assert "bob@alpha.example" in page
    for path in ("webauthn/", "totp/deactivate/", "webauthn/keys/1/remove/"):
        assert client.get(f"/account/2fa/{path}").headers["Location"] == "/account/2fa/"


def test_signed_out_visitors_see_nothing(client_for: ClientFor) -> None:
    for path in ("", "remove/1/", "totp/activate/", "recovery-codes/", "authenticate/"):
        answer = client_for().get(f"/account/2fa/{path}")
        assert answer.status_code in {302, 404}
        assert "/account/" in answer.headers.get("Location", "/account/")


def test_hand_over_takes_along_what_was_proved(db: None) -> None:
    platform, _ = sign_in(host="localhost")
    prove(platform)
    page = platform.post("/account/go/alpha/").content.decode()
    fields = dict(re.findall(r'name="(code|nonce)" value="([^"]+)"', page))
    client = Client(HTTP_HOST="alpha.localhost")
    client.post("/account/enter/", fields, headers={"origin": "http://localhost"})
    assert client.get(APP).status_code == 200


def test_hand_over_proves_no_more_than_was_proved(client_for: ClientFor) -> None:
    page = client_for("bob", business="").post("/account/go/alpha/").content.decode()
    fields = dict(re.findall(r'name="(code|nonce)" value="([^"]+)"', page))
    client = Client(HTTP_HOST="alpha.localhost")
    client.post("/account/enter/", fields, headers={"origin": "http://localhost"})
    assert client.get(APP).status_code == 302


def test_changed_password_is_told_by_mail(bob: Client) -> None:
    given = {"current": PASSWORD, "new": "seven-lanterns-42"}
    assert bob.post("/settings/profile/password/", given).status_code == 302
    assert "The password of your log-in was changed." in mails()[-1]
