"""What the shell of every staff page needs."""

from typing import Any

from django.conf import settings


def shell(request: Any) -> dict[str, Any]:
    """Return the values that templates of all doors may use."""
    return {"app_version": settings.VERSION, "local_mode": settings.LOCAL_MODE}
