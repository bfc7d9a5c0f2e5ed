"""Makes a key that may ask without limit; run in the product's environment, it prints the key."""

import os
import sys

import django


def main() -> None:
    """Make the key of the business that the command line names."""
    from apps.core import clock  # noqa: PLC0415 - after django.setup
    from apps.staff import services as staff  # noqa: PLC0415
    from apps.staff.models import ApiKey  # noqa: PLC0415
    from apps.tenants import queries as tenants  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    business = tenants.find_business(slug=sys.argv[1])
    if business is None:
        raise LookupError(sys.argv[1])
    with wall.as_business(business):
        print(staff.create_api_key(name="Contract", scopes=["*"], now=clock.now()))
        ApiKey.objects.update(per_minute=1_000_000, tokens=1_000_000)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    main()
