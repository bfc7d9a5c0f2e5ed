"""Campaigns from a draft to the last message: who is asked, once, and what stops it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.campaigns import queries, services
from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign, Request
from apps.consent import services as consent
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.customers.models import ContactPoint, Customer
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.jobs.services.drain import claim
from apps.journal.models import Entry
from apps.locations.models import Destination
from apps.messaging.models import Message
from apps.tenants.models import Business
from tests.factories import NOW, grant, make_customer

pytestmark = pytest.mark.django_db
ALL_LANES = [Lane.TRANSACTIONAL, Lane.INTERACTIVE, Lane.BULK]


def make_campaign(actor: Actor, **changes: Any) -> Campaign:
    campaign = services.create_campaign(name="After the visit", actor=actor, now=NOW)
    if changes:
        campaign = services.update_campaign(campaign=campaign, actor=actor, now=NOW, **changes)
    return campaign


def people(count: int) -> list[Customer]:
    made = []
    for number in range(count):
        customer = make_customer(
            first_name=f"P{number}", email=f"p{number}@example.com", phone=f"+4477009{number:05d}"
        )
        grant(customer, "email", "sms")
        made.append(customer)
    return made


def enrol(campaign: Campaign, now: Any = NOW) -> int:
    return services.enrol_chunk(campaign_id=campaign.pk, now=now)


def left_out_crowd() -> None:
    """One person for each reason, and two who can be asked."""
    people(2)
    make_customer(first_name="No consent", email="nc@example.com", phone="")
    gone = make_customer(first_name="Opted out", email="oo@example.com", phone="")
    grant(gone, "email")
    contact = ContactPoint.objects.get(customer=gone)
    consent.withdraw(
        address_hash=contact.address_hash, channel="email", source="test", actor=SYSTEM, now=NOW
    )
    bounced = make_customer(first_name="Bounced", email="b@example.com", phone="")
    grant(bounced, "email")
    ContactPoint.objects.filter(customer=bounced).update(status="bounced")
    make_customer(first_name="No address", email="", phone="")
    asked = make_customer(first_name="Asked", email="a@example.com", phone="")
    grant(asked, "email")
    Request.objects.create(customer=asked, asked_at=NOW - timedelta(days=179), created_at=NOW)
    earlier = make_customer(first_name="Long ago", email="l@example.com", phone="")
    grant(earlier, "email")
    Request.objects.create(customer=earlier, asked_at=NOW - timedelta(days=181), created_at=NOW)
    implied = make_customer(first_name="Implied", email="", phone="+447700900999")
    grant(implied, "sms", basis="implied")
    erased = make_customer(first_name="Erased", email="e@example.com", phone="")
    Customer.objects.filter(pk=erased.pk).update(erased_at=NOW)


EXPECTED = {"no_consent": 2, "asked": 1, "opted_out": 1, "bounced": 1, "no_address": 1}


def test_everybody_is_counted_once(inside: Business, mona: Actor) -> None:
    left_out_crowd()
    campaign = make_campaign(mona)
    found = queries.preview_audience(
        campaign=campaign, steps=queries.list_steps(campaign_id=campaign.pk), now=NOW
    )
    assert found.left_out == EXPECTED
    assert (found.eligible, found.by_channel, found.total) == (3, {"email": 3}, 9)


def test_the_launch_asks_exactly_those_who_were_counted(inside: Business, mona: Actor) -> None:
    left_out_crowd()
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    assert enrol(campaign) == 9
    campaign.refresh_from_db()
    assert campaign.left_out == EXPECTED
    assert (campaign.eligible_count, campaign.enrolled_count) == (3, 3)
    assert campaign.enrolled_at == NOW
    assert sorted(Message.objects.values_list("address", flat=True)) == [
        "l@example.com", "p0@example.com", "p1@example.com",
    ]  # fmt: skip


def test_the_count_agrees_with_the_gate(inside: Business, mona: Actor) -> None:
    """Whoever counts as reachable passes the gate of messaging, or only waits for the morning."""
    from apps.consent import queries as gate  # noqa: PLC0415

    left_out_crowd()
    campaign = make_campaign(mona)
    steps = queries.list_steps(campaign_id=campaign.pk)
    chosen = queries.sample_people(
        actor=SYSTEM, campaign=campaign, steps=steps, now=NOW, seed="x", most=99
    )
    reachable = {person.contact_id for person in chosen}
    points = list(ContactPoint.objects.filter(status="ok", customer__erased_at=None))
    answers = gate.bars(
        [
            gate.GateQuestion(
                key=point.pk,
                channel=point.channel,
                purpose="review_request",
                address_hash=point.address_hash,
                zones=point.zones,
            )
            for point in points
        ],
        NOW,
    )
    assert len(reachable) == 3
    assert all(answers[pk].reason in (None, "quiet") for pk in reachable)
    never = {"no_consent", "suppressed", "express_needed"}
    refused = {point.pk for point in points if answers[point.pk].reason in never}
    assert len(refused) == 3
    assert not refused & reachable


@pytest.mark.parametrize("key", ["rating", "nps", "persona", "case", "failure", "sentiment", "ids"])
def test_what_people_think_cannot_choose_them(inside: Business, mona: Actor, key: str) -> None:
    campaign = make_campaign(mona, audience={"tags": ["workshop"]})
    with pytest.raises(AppError) as refused:
        services.update_campaign(
            campaign=campaign, audience={"tags": [], key: ["5"]}, actor=mona, now=NOW
        )
    assert refused.value.code == "audience_unknown_condition"
    campaign.refresh_from_db()
    assert campaign.audience == {"tags": ["workshop"]}


def test_conditions_narrow_the_audience(inside: Business, mona: Actor) -> None:
    first, second, third = people(3)
    Customer.objects.filter(pk=first.pk).update(tags=["a"], last_transaction_at=NOW)
    Customer.objects.filter(pk=second.pk).update(
        tags=["a", "b"], last_transaction_at=NOW - timedelta(days=3)
    )
    Customer.objects.filter(pk=third.pk).update(tags=["c"])

    def count(**audience: Any) -> int:
        campaign = make_campaign(mona, audience=audience)
        return queries.preview_audience(campaign=campaign, steps=[], now=NOW).eligible

    assert count() == 3
    assert count(tags=["a"]) == 2
    assert count(tags=["b", "c"]) == 2
    assert count(since="2026-05-13", until="2026-05-13") == 1
    assert count(since="2026-05-10", until="2026-05-12") == 1
    assert count(since="2026-05-10") == 2
    assert count(tags=["a"], until="2026-05-12") == 1


def test_an_import_is_an_audience(inside: Business, mona: Actor) -> None:
    from uuid import UUID  # noqa: PLC0415

    from apps.customers.events import CustomerCreated  # noqa: PLC0415
    from apps.journal import services as journal  # noqa: PLC0415

    came, _other = people(2)
    run = UUID(int=5)
    journal.record(
        CustomerCreated(customer_id=came.pk, source=f"import:{run}"), actor=mona, now=NOW
    )
    campaign = make_campaign(mona, audience={"import": str(run)})
    found = queries.preview_audience(campaign=campaign, steps=[], now=NOW)
    assert found.eligible == 1


def test_launching_twice_makes_one_set(inside: Business, mona: Actor) -> None:
    people(3)
    campaign = make_campaign(mona)
    for _ in range(2):
        services.launch_campaign(campaign=campaign, actor=mona, now=NOW)
    assert Ticket.objects.filter(kind="campaigns.enrol").count() == 1
    for _ in range(3):
        enrol(campaign)
    assert (Request.objects.count(), Message.objects.count()) == (3, 3)
    assert Entry.objects.filter(kind="campaign.launched").count() == 1


def test_the_chunks_join_without_a_gap(
    inside: Business, mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.campaigns.services.enrol.CHUNK", 2)
    people(5)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    assert [enrol(campaign) for _ in range(4)] == [2, 2, 1, 0]
    assert Request.objects.count() == 5
    keys = set(Message.objects.values_list("dedupe_key", flat=True))
    assert keys == {
        f"campaign:{campaign.pk}:{pk}:1" for pk in Customer.objects.values_list("pk", flat=True)
    }


def test_a_person_is_asked_by_one_campaign_within_the_window(inside: Business, mona: Actor) -> None:
    people(2)
    campaigns = [
        services.create_campaign(name=name, actor=mona, now=NOW) for name in ("first", "second")
    ]
    for campaign in campaigns:
        services.launch_campaign(campaign=campaign, actor=mona, now=NOW)
    for campaign in campaigns:
        enrol(campaign)
    assert Request.objects.count() == 2
    assert Campaign.objects.get(name="second").left_out == {"asked": 2}


def test_a_step_whose_channel_is_missing_is_skipped(inside: Business, mona: Actor) -> None:
    only_text = make_customer(email="")
    grant(only_text, "sms")
    only_mail = make_customer(phone="")
    grant(only_mail, "email")
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    found = {row.customer_id: row.channel for row in Message.objects.all()}
    assert found == {only_text.pk: "sms", only_mail.pk: "email"}
    assert not Request.objects.filter(next_at__isnull=False).exists()
    assert not Ticket.objects.filter(kind="campaigns.step").exists()


def test_the_reminder_comes_when_it_is_due_and_only_once(inside: Business, mona: Actor) -> None:
    people(2)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    due = NOW + timedelta(hours=72)
    assert list(Request.objects.values_list("next_position", "next_at").distinct()) == [(2, due)]
    tickets = Ticket.objects.filter(kind="campaigns.step")
    assert set(tickets.values_list("not_before", flat=True)) == {due}
    run_steps(due)
    assert Message.objects.filter(channel="sms").count() == 2
    assert not Request.objects.filter(next_at__isnull=False).exists()
    assert not Ticket.objects.filter(kind="campaigns.step").exists()


def run_steps(now: datetime) -> None:
    """Let the steps that are due at a moment go out, as a worker would."""
    claimed = [t for t in claim(lane=Lane.BULK, now=now) if t.kind == "campaigns.step"]
    services.take_steps(tickets=claimed, now=now)


def test_whoever_answers_gets_no_reminder(inside: Business, mona: Actor) -> None:
    answered, silent = people(2)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    request = Request.objects.get(customer=answered)
    assert services.leave(request_id=request.pk, reason="answered", now=NOW)
    assert not services.leave(request_id=request.pk, reason="answered", now=NOW)
    run_steps(NOW + timedelta(hours=72))
    assert [row.customer_id for row in Message.objects.filter(channel="sms")] == [silent.pk]
    waiting = Message.objects.get(customer=answered, channel="email")
    assert (waiting.state, waiting.reason) == ("cancelled", "answered")


def test_an_opt_out_ends_every_campaign(inside: Business, mona: Actor) -> None:
    (person,) = people(1)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    assert services.leave_all(customer_id=person.pk, reason="opted_out", now=NOW) == 1
    request = Request.objects.get()
    assert (request.state, request.left_reason, request.next_at) == ("left", "opted_out", None)


def test_a_pause_holds_steps_and_enrolment_and_resuming_goes_on(
    inside: Business, mona: Actor
) -> None:
    people(2)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    assert services.pause_campaign(campaign=campaign, actor=mona, now=NOW)
    assert not services.pause_campaign(campaign=campaign, actor=mona, now=NOW)
    assert enrol(campaign) == 0
    assert services.resume_campaign(campaign=campaign, actor=mona, now=NOW)
    assert enrol(campaign) == 2
    services.pause_campaign(campaign=campaign, actor=mona, now=NOW)
    due = NOW + timedelta(hours=72)
    run_steps(due)
    assert Message.objects.filter(channel="sms").count() == 0
    services.resume_campaign(campaign=campaign, actor=mona, now=due)
    run_steps(due)
    assert Message.objects.filter(channel="sms").count() == 2


def test_a_stop_for_good_cancels_and_frees_those_not_reached(inside: Business, mona: Actor) -> None:
    reached, waiting = people(2)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    Message.objects.filter(customer=reached).update(state="sent")
    assert services.cancel_campaign(campaign=campaign, actor=mona, now=NOW)
    assert not services.cancel_campaign(campaign=campaign, actor=mona, now=NOW)
    assert Message.objects.get(customer=waiting).state == "cancelled"
    asked = dict(Request.objects.values_list("customer_id", "asked_at"))
    assert asked == {reached.pk: NOW, waiting.pk: None}
    with pytest.raises(ConflictError):
        services.launch_campaign(campaign=campaign, actor=mona, now=NOW)


def test_a_campaign_finishes_when_nothing_is_open(inside: Business, mona: Actor) -> None:
    people(1)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    assert not services.settle_campaign(campaign_id=campaign.pk, now=NOW)
    Message.objects.update(state="sent")
    assert not services.settle_campaign(campaign_id=campaign.pk, now=NOW)
    run_steps(NOW + timedelta(hours=72))
    Message.objects.update(state="delivered")
    later = NOW + timedelta(hours=73)
    assert services.settle_campaign(campaign_id=campaign.pk, now=later)
    campaign.refresh_from_db()
    assert (campaign.status, campaign.finished_at) == (CampaignStatus.FINISHED, later)
    assert Request.objects.get().state == "done"


def test_the_sandbox_gets_the_whole_campaign(inside: Business, mona: Actor) -> None:
    people(3)
    with time_machine.travel(NOW, tick=False):
        campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
        jobs.drain(lanes=ALL_LANES, now=NOW)
    campaign.refresh_from_db()
    assert campaign.enrolled_count == 3
    assert list(Message.objects.values_list("state", flat=True)) == ["sent"] * 3
    funnel = queries.get_funnel(campaign=campaign)
    assert (funnel.asked, funnel.sent, funnel.opened, funnel.waiting_steps) == (3, 3, 0, 3)
    assert funnel.next_step_at == NOW + timedelta(hours=72)


def test_a_pause_reaches_the_messages_that_wait(inside: Business, mona: Actor) -> None:
    people(3)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    enrol(campaign)
    services.pause_campaign(campaign=campaign, actor=mona, now=NOW)
    with time_machine.travel(NOW, tick=False):
        jobs.drain(lanes=ALL_LANES, now=NOW)
        assert list(Message.objects.values_list("state", flat=True)) == ["queued"] * 3
        services.resume_campaign(campaign=campaign, actor=mona, now=NOW)
        jobs.drain(lanes=ALL_LANES, now=NOW)
    assert list(Message.objects.values_list("state", flat=True)) == ["sent"] * 3


def test_rules_block_a_launch(inside: Business, mona: Actor) -> None:
    people(1)
    campaign = make_campaign(mona)
    step = services.StepDraft(channel="sms", text="If you loved it, leave us 5 stars: {{ link }}")
    services.save_steps(campaign=campaign, steps=[step], actor=mona, now=NOW)
    with pytest.raises(AppError, match="cannot go out yet"):
        services.launch_campaign(campaign=campaign, actor=mona, now=NOW)
    campaign.refresh_from_db()
    assert campaign.status == "draft"
    assert not Ticket.objects.filter(kind="campaigns.enrol").exists()


def test_an_unknown_merge_field_is_named_with_the_right_one(inside: Business, mona: Actor) -> None:
    campaign = make_campaign(mona)
    before = [step.text for step in queries.list_steps(campaign_id=campaign.pk)]
    wrong = services.StepDraft(channel="sms", text="Hello {{ firstname }} {{ link }}")
    with pytest.raises(AppError) as refused:
        services.save_steps(campaign=campaign, steps=[wrong], actor=mona, now=NOW)
    assert refused.value.field == "step-1-text"
    assert "customer.first_name" in refused.value.message
    assert [s.text for s in queries.list_steps(campaign_id=campaign.pk)] == before


def test_a_launched_campaign_cannot_be_rewritten(inside: Business, mona: Actor) -> None:
    people(1)
    campaign = services.launch_campaign(campaign=make_campaign(mona), actor=mona, now=NOW)
    with pytest.raises(ConflictError):
        services.update_campaign(campaign=campaign, name="Other", actor=mona, now=NOW)
    with pytest.raises(ConflictError):
        services.save_steps(
            campaign=campaign,
            steps=[services.StepDraft(channel="sms", text="x {{ link }}")],
            actor=mona,
            now=NOW,
        )


def test_an_agent_may_neither_write_nor_launch(inside: Business, mona: Actor, bob: Actor) -> None:
    people(1)
    campaign = make_campaign(mona)
    with pytest.raises(ForbiddenError):
        services.create_campaign(name="Mine", actor=bob, now=NOW)
    with pytest.raises(ForbiddenError):
        services.launch_campaign(campaign=campaign, actor=bob, now=NOW)
    assert Campaign.objects.values_list("status", flat=True).get() == "draft"


def test_one_customer_is_asked_now_and_not_again(inside: Business, bob: Actor) -> None:
    (person,) = people(1)
    request = services.request_review(customer=person, channel="sms", actor=bob, now=NOW)
    message = Message.objects.get()
    assert (message.link_id, message.channel, message.purpose) == (
        request.pk, "sms", "review_request",
    )  # fmt: skip
    with pytest.raises(AppError) as refused:
        services.request_review(customer=person, channel="email", actor=bob, now=NOW)
    assert refused.value.code == "asked"
    assert Request.objects.count() == 1


def test_one_customer_without_consent_is_not_asked(
    inside: Business, bob: Actor, ana: Actor
) -> None:
    person = make_customer()
    with pytest.raises(AppError) as refused:
        services.request_review(customer=person, channel="sms", actor=bob, now=NOW)
    assert refused.value.code == "no_consent"
    with pytest.raises(ForbiddenError):
        services.request_review(customer=person, channel="sms", actor=ana, now=NOW)
    assert Message.objects.count() == 0


def test_a_test_goes_to_the_member_once_a_minute(inside: Business, mona: Actor) -> None:
    campaign = make_campaign(mona)
    steps = queries.list_steps(campaign_id=campaign.pk)
    for _ in range(2):
        services.send_test(campaign=campaign, steps=steps, actor=mona, now=NOW)
    found = list(Message.objects.order_by("subject").values_list("address", "subject"))
    assert found == [
        ("mona@alpha.example", "[Test 1] How did it go at Alpha Bikes?"),
        ("mona@alpha.example", "[Test 2] Text message"),
    ]


def test_findings_name_what_holds_and_what_waits(inside: Business, mona: Actor) -> None:
    people(1)
    Destination.objects.create(
        site="google", label="Google", url="https://g.page/x", created_at=NOW
    )
    campaign = make_campaign(mona)
    night = NOW.replace(hour=1)
    codes = {
        finding.code: finding.tone
        for finding in queries.check_campaign(campaign=campaign, now=night)
    }
    assert codes == {
        "neutral": "good",
        "quiet": "warn",
        "links": "good",
        "yelp": "",
        "postal_address": "warn",
        "way_out": "good",
    }
