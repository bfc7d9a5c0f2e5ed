"""Cases: list, read, move on, escalate, close, reopen."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.cases.serializers import (
    CaseDetailSerializer,
    CaseQuery,
    CaseSerializer,
    CaseStageSerializer,
    CaseStagesSerializer,
    CloseBody,
    StageBody,
    WordBody,
)
from apps.api.shared.schema import listing, reading, writing
from apps.api.shared.serializers import StrictSerializer
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.recovery import queries, services
from apps.recovery.choices import Outcome

FILTERS = ("status", "stage", "customer_id", "failure_id")


def show(rows: list[Any]) -> list[Any]:
    """Return cases as JSON values."""
    return list(CaseSerializer(rows, many=True).data)


class Cases(Door):
    """The list."""

    noun = "cases"

    @listing(CaseSerializer, CaseQuery, of="cases", words="List cases, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, CaseQuery)
        given = {name: query[name] for name in FILTERS if name in query}
        rows = queries.list_cases(actor=self.actor).filter(**given)
        return answer_page(request, rows, query=query, by="opened_at", show=show)


class CaseDoor(Door):
    """Something about one case."""

    noun = "cases"

    def begin(
        self, request: Request, case_id: UUID, body: type[StrictSerializer] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Return the case and the clean body."""
        read_query(request)
        given = read_body(body, request) if body else {}
        return queries.get_case(actor=self.actor, case_id=case_id), given

    def answer(self, request: Request, case_id: UUID) -> Response:
        """Answer with the case as it is now."""
        case = queries.get_case(actor=self.actor, case_id=case_id)
        context = {"missing": queries.list_missing(case=case)}
        return answer_one(request, CaseDetailSerializer(case, context=context).data)


class OneCase(CaseDoor):
    """One case."""

    @reading(CaseDetailSerializer, of="case", words="Read a case and what it still needs")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Answer with the case."""
        self.begin(request, case_id)
        return self.answer(request, case_id)


class CaseStages(CaseDoor):
    """The stages of a case."""

    @reading(CaseStagesSerializer, of="case_stages", words="Read the stages and their clocks")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Answer with the four stages."""
        case, _body = self.begin(request, case_id)
        stages = queries.list_stages(case=case, events=queries.list_timeline(case=case))
        return Response({"results": CaseStageSerializer(stages, many=True).data})

    @writing(CaseDetailSerializer, StageBody, named="move_case", words="Move a case to a stage")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Put the case into another stage; 422 for a move that makes no sense."""
        case, body = self.begin(request, case_id, StageBody)
        services.move_stage(case=case, actor=self.actor, now=clock.now(), **body)
        return self.answer(request, case_id)


class EscalateCase(CaseDoor):
    """Handing a case to somebody who may decide more."""

    @writing(CaseDetailSerializer, WordBody, named="escalate_case", words="Escalate a case")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Escalate the case."""
        case, body = self.begin(request, case_id, WordBody)
        services.escalate_case(case=case, actor=self.actor, now=clock.now(), **body)
        return self.answer(request, case_id)


class CloseCase(CaseDoor):
    """The end of a case."""

    @writing(CaseDetailSerializer, CloseBody, named="close_case", words="Close a case")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Close the case; 422 `case_not_done` says what is missing."""
        case, body = self.begin(request, case_id, CloseBody)
        services.close_case(case=case, actor=self.actor, now=clock.now(), **body)
        return self.answer(request, case_id)


class SettleCase(CaseDoor):
    """The end that everybody works for."""

    @writing(CaseDetailSerializer, WordBody, named="settle_case", words="Close it as put right")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Close the case with the outcome `settled`; 422 `case_not_done` says what is missing."""
        case, body = self.begin(request, case_id, WordBody)
        services.close_case(
            case=case, outcome=Outcome.SETTLED, actor=self.actor, now=clock.now(), **body
        )
        return self.answer(request, case_id)


class ReopenCase(CaseDoor):
    """Taking a closed case up again."""

    @writing(CaseDetailSerializer, WordBody, named="reopen_case", words="Reopen a case")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Open the case again; 409 when it is open."""
        case, body = self.begin(request, case_id, WordBody)
        services.reopen_case(case=case, actor=self.actor, now=clock.now(), **body)
        return self.answer(request, case_id)
