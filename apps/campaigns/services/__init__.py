"""Writes of the room: drafts, launching, enrolment, steps, and single requests."""

from apps.campaigns.services.drafts import (
    StepDraft,
    create_campaign,
    delete_campaign,
    hold_campaign,
    save_steps,
    update_campaign,
)
from apps.campaigns.services.enrol import enrol_chunk, enrol_people
from apps.campaigns.services.launch import (
    cancel_campaign,
    launch_campaign,
    pause_campaign,
    resume_campaign,
    settle_campaign,
)
from apps.campaigns.services.requests import (
    explain_reason,
    leave,
    leave_all,
    request_review,
    send_test,
    take_out,
)
from apps.campaigns.services.steps import take_steps

__all__ = [
    "StepDraft",
    "cancel_campaign",
    "create_campaign",
    "delete_campaign",
    "enrol_chunk",
    "enrol_people",
    "explain_reason",
    "hold_campaign",
    "launch_campaign",
    "leave",
    "leave_all",
    "pause_campaign",
    "request_review",
    "resume_campaign",
    "save_steps",
    "send_test",
    "settle_campaign",
    "take_out",
    "take_steps",
    "update_campaign",
]
