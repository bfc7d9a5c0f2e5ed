"""Writes of the room: opening, working, promising, escalating and closing cases."""

from apps.recovery.services.care import (
    ask_customer,
    escalate_case,
    move_stage,
    note_due,
    record_apology,
    record_collect,
)
from apps.recovery.services.cases import (
    add_note,
    assign_case,
    open_case,
    open_case_by_hand,
    open_case_from_review,
)
from apps.recovery.services.closing import close_case, record_return, reopen_case
from apps.recovery.services.customer import answer_case, ask_for_contact
from apps.recovery.services.plans import add_plan_item, finish_plan_item, reopen_plan_item
from apps.recovery.services.promises import make_promise, note_promise_due, settle_promise

__all__ = [
    "add_note", "add_plan_item", "answer_case", "ask_customer", "ask_for_contact", "assign_case",
    "close_case", "escalate_case", "finish_plan_item", "make_promise", "move_stage", "note_due",
    "note_promise_due",
    "open_case", "open_case_by_hand", "open_case_from_review", "record_apology", "record_collect",
    "record_return", "reopen_case", "reopen_plan_item", "settle_promise",
]  # fmt: skip
