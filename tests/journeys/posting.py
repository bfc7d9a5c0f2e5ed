"""Lets the mails of Alpha leave by a real server, at any hour that the law allows."""

import json
import os
import sys
from datetime import time

import django


def main() -> None:
    """Save the account that the command line describes."""
    from apps.consent import services as consent  # noqa: PLC0415 - after django.setup
    from apps.core import clock  # noqa: PLC0415
    from apps.core.facts import SYSTEM  # noqa: PLC0415
    from apps.messaging import services as messaging  # noqa: PLC0415
    from apps.tenants import queries as tenants  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    alpha = tenants.find_business(slug="alpha")
    assert alpha is not None
    with wall.as_business(alpha):
        messaging.save_account(
            kind="smtp",
            values=json.loads(sys.argv[1]),
            sender="hello@alpha.example",
            now=clock.now(),
        )
        consent.update_policy(
            opens=time.min,
            closes=time.max,
            sunday_opens=time.min,
            sunday_closes=time.max,
            cap_messages=10,
            cap_days=7,
            actor=SYSTEM,
            now=clock.now(),
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    main()
