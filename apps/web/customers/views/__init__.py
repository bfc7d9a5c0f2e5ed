"""Views of customers and of their files."""

from apps.web.customers.views.imports import (
    cancel_import,
    commit_import,
    download_rejects,
    map_import,
    show_import,
    show_progress,
    start_import,
)
from apps.web.customers.views.people import (
    add_contact,
    create,
    edit,
    remove_contact,
    show_customer,
    show_list,
)

__all__ = [
    "add_contact",
    "cancel_import",
    "commit_import",
    "create",
    "download_rejects",
    "edit",
    "map_import",
    "remove_contact",
    "show_customer",
    "show_import",
    "show_list",
    "show_progress",
    "start_import",
]
