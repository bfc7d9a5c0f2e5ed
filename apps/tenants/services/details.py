"""What a business says of itself: its name and where it is at home."""

from apps.core.db import fetch_all
from apps.tenants import rules, sql


def change_own_business(*, name: str, country: str, currency: str, time_zone: str) -> bool:
    """Change the entered business; False when it is not served.

    The least-privileged log-in may do this, for the business it has entered and no other. Raises
    AppError at the field.
    """
    rules.check_name(name)
    rules.check_place(country, currency, time_zone)
    values = [name.strip(), country, currency, time_zone]
    return bool(fetch_all(sql.CHANGE, values)[0][0])
