"""Makes the template database of the tests: two businesses and the people in them.

Alice owns Alpha; Mona manages, Bob is an agent, Ana an analyst there. Charlie has a log-in and
belongs nowhere. Dora owns Beta.
"""

import os

import django

PASSWORD = "correct-horse-9"


def main() -> None:
    """Migrate and seed."""
    from apps.accounts import services as accounts  # noqa: PLC0415 - after django.setup
    from apps.accounts.choices import Role  # noqa: PLC0415
    from apps.core import clock  # noqa: PLC0415
    from apps.staff import services as staff  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    tenants.migrate_all(say=print)
    now = clock.now()
    alpha = tenants.create_business(slug="alpha", name="Alpha Bikes", now=now)
    beta = tenants.create_business(slug="beta", name="Beta Boats", now=now)
    people = [
        (alpha, "alice", Role.OWNER),
        (alpha, "mona", Role.MANAGER),
        (alpha, "bob", Role.AGENT),
        (alpha, "ana", Role.ANALYST),
        (beta, "dora", Role.OWNER),
    ]
    for business, name, role in people:
        staff.create_member(
            business=business,
            email=f"{name}@{business.slug}.example",
            name=name.capitalize(),
            role=role,
            password=PASSWORD,
            now=now,
        )
    with wall.as_platform():
        accounts.create_user(
            email="charlie@nowhere.example", name="Charlie", password=PASSWORD, now=now
        )
    # For tests that make a business within their own transaction, as the web process does.
    tenants.top_up(keep=2)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    main()
