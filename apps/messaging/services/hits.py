"""Raw visits to the links of messages: kept as they come, a reason for nothing by themselves."""

from datetime import datetime
from uuid import UUID

from apps.messaging.models import Hit


def record_hit(*, purpose: str, object_id: UUID, user_agent: str, now: datetime) -> None:
    """Note that a link was opened, by whoever or whatever."""
    Hit.objects.create(purpose=purpose, object_id=object_id, user_agent=user_agent[:200], at=now)
