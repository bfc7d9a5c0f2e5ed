"""Reads of the room."""

from apps.reviews.queries.imports import (
    get_import,
    list_first_rejects,
    list_imports,
    read_rejects,
)
from apps.reviews.queries.inbox import (
    MOST,
    InboxFilters,
    count_views,
    find_next,
    get_review,
    list_customer_reviews,
    list_inbox,
    list_sources,
    list_tags,
)
from apps.reviews.queries.story import StoryItem, list_notes, list_story

__all__ = [
    "MOST",
    "InboxFilters",
    "StoryItem",
    "count_views",
    "find_next",
    "get_import",
    "get_review",
    "list_customer_reviews",
    "list_first_rejects",
    "list_imports",
    "list_inbox",
    "list_notes",
    "list_sources",
    "list_story",
    "list_tags",
    "read_rejects",
]
