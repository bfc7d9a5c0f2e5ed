"""Every page there is: asked from the address table, and filled in with what the demo holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from django.urls import URLPattern, URLResolver, get_resolver

from tests.journeys.product import Stage

BUSINESS = "demo"
# Which rows stand for the arguments of an address; each list of pages sees the richest one.
ROWS = {
    "campaign_id": "SELECT id FROM campaigns_campaign ORDER BY launched_at DESC NULLS LAST",
    "case_id": "SELECT id FROM recovery_case ORDER BY opened_at DESC",
    "customer_id": "SELECT customer_id AS id FROM recovery_case WHERE customer_id IS NOT NULL"
    " ORDER BY opened_at DESC",
    "destination_id": "SELECT id FROM locations_destination ORDER BY position",
    "location_id": "SELECT id FROM locations_location ORDER BY created_at",
    "member_id": "SELECT id FROM staff_member WHERE role = 'agent' ORDER BY name",
    "message_id": "SELECT id FROM messaging_message ORDER BY queued_at DESC",
    "offer_id": "SELECT id FROM offers_offer WHERE state = 'issued' ORDER BY created_at DESC",
    "review_id": "SELECT review_id AS id FROM failures_failure WHERE review_id IS NOT NULL"
    " ORDER BY created_at DESC",
    "template_id": "SELECT id FROM replies_responsetemplate ORDER BY created_at",
}
ACCOUNTS = ("email/sandbox", "email/smtp", "sms/twilio")
PUBLIC = re.compile(r"http://demo\.localhost:\d+/([a-z])/[\w-]+/")


@dataclass(frozen=True)
class Place:
    """A page and the name its pictures have."""

    name: str
    path: str


class Surveyor:
    """Looks at addresses as a member who is signed in, without a browser."""

    def __init__(self, stage: Stage, cookies: dict[str, str]) -> None:
        self.stage = stage
        self._cookies = cookies
        self.public: dict[str, str] = {}
        self.broken: list[str] = []

    def find_pages(self) -> list[Place]:
        """Return every whole page of the staff that can be looked at; fragments are none."""
        found = [place for place in self._candidates() if self._is_page(place.path)]
        return sorted(found, key=lambda place: place.path)

    def _candidates(self) -> Iterator[Place]:
        for name, route in _routes(get_resolver("cxsaas.urls").url_patterns):
            if not name.startswith(("web:", "account")):
                continue
            path = self._fill(route)
            if path:
                yield Place(name.removeprefix("web:").replace(":", "-"), path)
        for account in ACCOUNTS:
            yield Place(f"account-{account.replace('/', '-')}", f"/messages/accounts/{account}/")
        for draft in self.stage.rows(
            "SELECT id FROM campaigns_campaign WHERE status = 'draft' LIMIT 1", business=BUSINESS
        ):
            for step in ("audience", "messages", "check"):
                yield Place(f"campaigns-draft-{step}", f"/campaigns/{draft['id']}/{step}/")
        for task in ("collect", "apologise", "offer", "promise", "close"):
            path = self._fill("recovery/<uuid:case_id>/")
            yield Place(f"recovery-case-{task}", f"{path}?do={task}")

    def _fill(self, route: str) -> str:
        """Return the address with real ids in it, or nothing when there is no such thing."""
        path = route
        for part in re.findall(r"<[^>]+>", route):
            query = ROWS.get(part.strip("<>").split(":")[-1])
            rows = self.stage.rows(f"{query} LIMIT 1", business=BUSINESS) if query else []
            if not rows:
                return ""
            path = path.replace(part, str(rows[0]["id"]))
        return f"/{path}"

    def _is_page(self, path: str) -> bool:
        answer = requests.get(
            f"{self.stage.product.url}{path}",
            headers={"Host": f"{BUSINESS}.localhost:{self.stage.product.port}"},
            cookies=self._cookies,
            allow_redirects=False,
            timeout=30,
        )
        if answer.status_code >= requests.codes.server_error:
            self.broken.append(f"{path}: {answer.status_code}")
        if not answer.ok or "html" not in answer.headers.get("Content-Type", ""):
            return False
        for match in PUBLIC.finditer(answer.text):
            self.public.setdefault(match.group(1), match.group())
        return answer.status_code == requests.codes.ok and "<html" in answer.text


def _routes(patterns: list[Any], space: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, inner, route)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", route
