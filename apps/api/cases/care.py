"""Work inside a case: what happened, the apology, the plans, asking the customer, notes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.cases.care_serializers import (
    ApologiesSerializer,
    ApologyBody,
    ApologySerializer,
    AskBody,
    CaseNoteBody,
    CaseNoteSerializer,
    CaseNotesSerializer,
    CollectBody,
    OwnerBody,
    PlanBody,
    PlanItemBody,
    PlanItemSerializer,
    PlanSerializer,
)
from apps.api.cases.serializers import CaseDetailSerializer
from apps.api.cases.views import CaseDoor
from apps.api.shared.lookups import about_member, find_member
from apps.api.shared.schema import MISSING, reading, refusals, writing
from apps.core import clock
from apps.core.facts import Actor
from apps.recovery import queries, services


class CollectCase(CaseDoor):
    """What really happened."""

    @writing(
        CaseDetailSerializer, CollectBody, named="collect_case", words="Say what really happened"
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Note what happened and why; the first time the case moves on to the apology."""
        case, body = self.begin(request, case_id, CollectBody)
        services.record_collect(case=case, actor=self.actor, now=clock.now(), **body)
        return self.answer(request, case_id)


class Apologies(CaseDoor):
    """That somebody said sorry."""

    @reading(ApologiesSerializer, of="case_apologies", words="Read how somebody said sorry")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Answer with the apologies, newest first."""
        case, _body = self.begin(request, case_id)
        rows = queries.list_apologies(case=case)
        return Response({"results": ApologySerializer(rows, many=True).data})

    @writing(ApologySerializer, ApologyBody, named="apologise", words="Say sorry", statuses=(201,))
    def post(self, request: Request, case_id: UUID) -> Response:
        """Send an apology, or note that it was said; 422 for words that must not go out."""
        case, body = self.begin(request, case_id, ApologyBody)
        actor = _in_the_name_of(body.pop("member_id", None), self.actor)
        apology = services.record_apology(case=case, actor=actor, now=clock.now(), **body)
        return Response(ApologySerializer(apology).data, status=201)


def _in_the_name_of(member_id: UUID | None, actor: Actor) -> Actor:
    return find_member(member_id) if member_id else actor


class Plan(CaseDoor):
    """What is to be done."""

    @reading(PlanSerializer, of="case_plan", words="Read what is to be done")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Answer with the steps of both plans."""
        case, _body = self.begin(request, case_id)
        rows = queries.list_plan_items(case=case)
        return Response({"results": PlanItemSerializer(rows, many=True).data})

    @writing(
        PlanItemSerializer, PlanBody, named="add_plan_item", words="Add a step", statuses=(201,)
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Add a step to one of the two plans."""
        case, body = self.begin(request, case_id, PlanBody)
        item = services.add_plan_item(case=case, actor=self.actor, now=clock.now(), **body)
        return Response(PlanItemSerializer(item).data, status=201)


class OnePlanItem(CaseDoor):
    """One step."""

    @extend_schema(
        operation_id="change_plan_item",
        summary="Tick a step off, or take the tick back",
        request=PlanItemBody,
        responses={200: PlanItemSerializer, **refusals(MISSING)},
    )
    def patch(self, request: Request, case_id: UUID, item_id: UUID) -> Response:
        """Tick a step off or take the tick back; again changes nothing."""
        case, body = self.begin(request, case_id, PlanItemBody)
        change = services.finish_plan_item if body["is_done"] else services.reopen_plan_item
        item = change(case=case, item_id=item_id, actor=self.actor, now=clock.now())
        return Response(PlanItemSerializer(item).data)


class AskCustomer(CaseDoor):
    """The question whether it is good again."""

    @writing(
        CaseDetailSerializer, AskBody, named="ask_customer", words="Ask whether it is good again"
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Ask in the name of a member, at most once a day; the case waits for the answer."""
        case, body = self.begin(request, case_id, AskBody)
        member = find_member(body.pop("member_id"))
        services.ask_customer(case=case, actor=member, now=clock.now(), **body)
        return self.answer(request, case_id)


class AssignCase(CaseDoor):
    """Who has it."""

    @writing(CaseDetailSerializer, OwnerBody, named="assign_case", words="Give it to somebody")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Give the case to a member of the team, or to nobody."""
        case, body = self.begin(request, case_id, OwnerBody)
        member_id = body["member_id"]
        if member_id is not None:
            find_member(member_id)
        with about_member():
            services.assign_case(case=case, owner_id=member_id, actor=self.actor, now=clock.now())
        return self.answer(request, case_id)


class CaseNotes(CaseDoor):
    """Words about a case."""

    @reading(CaseNotesSerializer, of="case_notes", words="Read the words about a case")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Answer with the notes of staff and the words of the customer, newest first."""
        case, _body = self.begin(request, case_id)
        rows = queries.list_notes(case=case)
        return Response({"results": CaseNoteSerializer(rows, many=True).data})

    @writing(
        CaseNoteSerializer, CaseNoteBody, named="add_case_note", words="Add a note", statuses=(201,)
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Leave a word for the staff; the customer does not see it."""
        case, body = self.begin(request, case_id, CaseNoteBody)
        note: Any = services.add_note(case=case, actor=self.actor, now=clock.now(), **body)
        return Response(CaseNoteSerializer(note).data, status=201)
