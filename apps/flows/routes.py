"""The whole nervous system on one page: fact → handlers."""

from collections.abc import Callable
from datetime import datetime

from apps.core.facts import Fact
from apps.journal.models import Entry

Handler = Callable[[Entry, datetime], None]
ROUTES: dict[type[Fact], tuple[Handler, ...]] = {}
