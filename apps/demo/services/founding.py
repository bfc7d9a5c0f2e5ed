"""Founding the demo: two businesses, the people in them, a key for trying the API."""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from apps.accounts.choices import Role
from apps.staff import services as staff
from apps.tenants import queries as tenants
from apps.tenants import services as provision
from apps.tenants import wall
from apps.tenants.models import Business

PASSWORD = "demo-demo"  # noqa: S105 - the demo's public log-in, printed at each start
BUSINESSES = {"demo": "Harbour Street Bakery", "rival": "Corner Crumb"}
PEOPLE = (
    ("demo", "owner@demo.example", "Olive Owens", Role.OWNER),
    ("demo", "manager@demo.example", "Marcus Manning", Role.MANAGER),
    ("demo", "agent@demo.example", "Agnes Gent", Role.AGENT),
    ("demo", "analyst@demo.example", "Anna List", Role.ANALYST),
    ("demo", "agency@demo.example", "Yusuf Holloway", Role.MANAGER),
    ("rival", "owner@rival.example", "Rita Vale", Role.OWNER),
    ("rival", "agency@demo.example", "Yusuf Holloway", Role.MANAGER),
)
KEY_NAME = "Demo key"


def is_founded() -> bool:
    """Say whether the demo's businesses stand and its key can be shown."""
    return len(find_businesses()) == len(BUSINESSES) and (
        not settings.DEMO_KEY_FILE or Path(settings.DEMO_KEY_FILE).exists()
    )


def find_businesses() -> dict[str, Business]:
    """Return those of the demo's businesses that there are."""
    with wall.as_platform():
        found = {slug: tenants.find_business(slug=slug) for slug in BUSINESSES}
    return {slug: business for slug, business in found.items() if business}


def found_demo(*, now: datetime) -> dict[str, Business]:
    """Make what is missing of the demo's businesses, people and key; returns the businesses."""
    businesses = {slug: _ensure_business(slug, name, now) for slug, name in BUSINESSES.items()}
    for slug, email, name, role in PEOPLE:
        staff.create_member(
            business=businesses[slug],
            email=email,
            name=name,
            role=role,
            password=PASSWORD,
            now=now,
        )
    if settings.DEMO_KEY_FILE and not Path(settings.DEMO_KEY_FILE).exists():
        _write_key(businesses["demo"], Path(settings.DEMO_KEY_FILE), now)
    return businesses


def _ensure_business(slug: str, name: str, now: datetime) -> Business:
    with wall.as_platform():
        found = tenants.find_business(slug=slug)
    return found or provision.create_business(slug=slug, name=name, now=now)


def _write_key(business: Business, path: Path, now: datetime) -> None:
    with wall.as_business(business):
        secret = staff.create_api_key(name=KEY_NAME, scopes=["*"], now=now)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{secret}\n")
