"""Reads of the room."""

from apps.customers.queries.imports import (
    get_import,
    list_first_rejects,
    list_imports,
    read_rejects,
)
from apps.customers.queries.people import (
    count_customers,
    count_unplaced,
    find_customer,
    find_customers,
    get_contact,
    get_customer,
    get_transactions,
    list_contacts,
    list_customers,
    list_external_ids,
    search_customers,
)
from apps.customers.queries.timeline import (
    MOST_ITEMS,
    TIMELINE_KINDS,
    TimelineItem,
    list_timeline,
)

__all__ = [
    "MOST_ITEMS",
    "TIMELINE_KINDS",
    "TimelineItem",
    "count_customers",
    "count_unplaced",
    "find_customer",
    "find_customers",
    "get_contact",
    "get_customer",
    "get_import",
    "get_transactions",
    "list_contacts",
    "list_customers",
    "list_external_ids",
    "list_first_rejects",
    "list_imports",
    "list_timeline",
    "read_rejects",
    "search_customers",
]
