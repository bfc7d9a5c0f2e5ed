"""Writes of the room: people, what they had from the business, and files on their way in."""

from apps.customers.services.grants import Agreement, Grant, set_recorder
from apps.customers.services.imports import (
    cancel_import,
    commit_import,
    map_import,
    start_import,
)
from apps.customers.services.intake import take_chunk
from apps.customers.services.people import (
    add_contact,
    create_customer,
    hold_customer,
    remove_contact,
    set_contact_status,
    update_customer,
)
from apps.customers.services.staging import stage_import
from apps.customers.services.transactions import record_transaction

__all__ = [
    "Agreement",
    "Grant",
    "add_contact",
    "cancel_import",
    "commit_import",
    "create_customer",
    "hold_customer",
    "map_import",
    "record_transaction",
    "remove_contact",
    "set_contact_status",
    "set_recorder",
    "stage_import",
    "start_import",
    "take_chunk",
    "update_customer",
]
