"""Writes of the room: what comes into the inbox, the work on it, and files of reviews."""

from apps.reviews.services.chunks import check_import, import_chunk
from apps.reviews.services.imports import (
    cancel_import,
    commit_import,
    map_import,
    start_import,
)
from apps.reviews.services.intake import (
    Incoming,
    import_batch,
    import_contact_request,
    import_message,
    import_response,
)
from apps.reviews.services.items import (
    add_note,
    assign_review,
    record_reply,
    record_reply_undone,
    set_status,
    tag_review,
    wake_review,
)

__all__ = [
    "Incoming",
    "add_note",
    "assign_review",
    "cancel_import",
    "check_import",
    "commit_import",
    "import_batch",
    "import_chunk",
    "import_contact_request",
    "import_message",
    "import_response",
    "map_import",
    "record_reply",
    "record_reply_undone",
    "set_status",
    "start_import",
    "tag_review",
    "wake_review",
]
