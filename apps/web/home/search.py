"""What the command palette finds."""

from typing import Any

from apps.core.facts import Actor
from apps.customers import queries as customers
from apps.insights import queries as insights
from apps.web.shared.navigation import find_address

MOST = 6


def find(*, actor: Actor, text: str) -> list[dict[str, Any]]:
    """Return groups of links to what matches, only of kinds the actor may open."""
    groups = []
    if actor.can("customers.view"):
        people = list(customers.search_customers(text, actor=actor)[:MOST])
        groups.append(_group("People", "person", "web:customers:customer", people))
    if actor.can("reviews.view"):
        reviews = list(insights.search_reviews(actor=actor, text=text)[:MOST])
        groups.append(_group("Reviews", "star", "web:reviews:review", reviews))
    if actor.can("recovery.view"):
        cases = list(insights.search_cases(actor=actor, text=text)[:MOST])
        groups.append(_group("Cases", "recovery", "web:recovery:case", cases))
    return [group for group in groups if group["items"]]


def _group(name: str, icon: str, url_name: str, found: list[Any]) -> dict[str, Any]:
    items = [
        {"title": str(one)[:80], "url": find_address(url_name, one.pk), "icon": icon, "note": ""}
        for one in found
    ]
    return {"name": name, "items": [item for item in items if item["url"]]}
