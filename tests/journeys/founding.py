"""What a business has before the first day: a place, public sites, hours, a reply template."""

import os
from datetime import time

import django


def main() -> None:
    """Furnish Alpha."""
    from apps.consent import services as consent  # noqa: PLC0415 - after django.setup
    from apps.core import clock  # noqa: PLC0415
    from apps.core.facts import SYSTEM  # noqa: PLC0415
    from apps.locations import services as locations  # noqa: PLC0415
    from apps.replies import services as replies  # noqa: PLC0415
    from apps.staff import queries as staff  # noqa: PLC0415
    from apps.tenants import queries as tenants  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    now = clock.now()
    alpha = tenants.find_business(slug="alpha")
    assert alpha is not None
    with wall.as_business(alpha):
        consent.update_policy(
            opens=time.min,
            closes=time.max,
            sunday_opens=time.min,
            sunday_closes=time.max,
            cap_messages=3,
            cap_days=7,
            actor=SYSTEM,
            now=now,
        )
        locations.create_location(
            name="Mill Lane", city="Bath", country="GB", time_zone="Europe/London",
            phone="+441225496000", actor=SYSTEM, now=now,
        )  # fmt: skip
        locations.update_brand(**BRAND, actor=SYSTEM, now=now)
        for site, label, url in SITES:
            locations.create_destination(site=site, label=label, url=url, actor=SYSTEM, now=now)
        mona = staff.find_actor(
            member_id=next(one.pk for one in staff.list_members() if one.name == "Mona")
        )
        assert mona is not None
        replies.create_template(
            name="Safety first", body=TEMPLATE, ratings=[1, 2], flags=[], actor=mona, now=now
        )


BRAND = {
    "name": "Alpha Bikes",
    "postal_address": "1 Mill Lane, Bath",
    "contact_name": "Mona Hall",
    "contact_title": "workshop manager",
    "contact_phone": "+441225496000",
}
SITES = (
    ("google", "Google", "https://search.google.com/local/writereview?placeid=alpha"),
    ("facebook", "Facebook", "https://www.facebook.com/alphabikes/reviews"),
)
TEMPLATE = (
    "Hello {{ customer.first_name }}, please do not ride it. We collect the bike today and "
    "look at the brake first. {{ staff.name }}, {{ business.name }}"
)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    main()
