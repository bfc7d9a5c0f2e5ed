"""Response templates: list, write, read, change, throw away, fill in, suggest."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.shared.schema import adding, changing, deleting, listing, reading
from apps.api.shared.versions import answer_made, answer_one, check_version
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.api.templates.serializers import (
    FilledListSerializer,
    FilledSerializer,
    FillQuery,
    SuggestQuery,
    TemplateBody,
    TemplatePatch,
    TemplateQuery,
    TemplateSerializer,
)
from apps.core import clock
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.replies import queries, services
from apps.reviews import queries as reviews
from apps.staff import queries as staff

KEPT = ("name", "body", "ratings", "flags", "is_active")


def show(rows: list[Any]) -> list[Any]:
    """Return templates as JSON values."""
    return list(TemplateSerializer(rows, many=True).data)


def fill(template: Any, *, review: Any, writer: Actor) -> dict[str, Any]:
    """Return the words of a template for one review."""
    text = queries.fill_template(template, review=review, actor=writer)
    return {"template_id": template.pk, "name": template.name, "text": text}


def find_writer(member_id: UUID | None, actor: Actor) -> Actor:
    """Return in whose name a template is filled in; NotFoundError for somebody unknown."""
    if member_id is None:
        return actor
    writer = staff.find_actor(member_id=member_id)
    if writer is None:
        message = "There is no such member of the team."
        raise NotFoundError(message)
    return writer


class Templates(Door):
    """The list."""

    noun = "response-templates"

    @listing(TemplateSerializer, TemplateQuery, of="response_templates", words="List templates")
    def get(self, request: Request) -> Response:
        """Answer with a page, newest first."""
        query = read_query(request, TemplateQuery)
        rows = queries.list_templates(is_active=query.get("is_active"))
        return answer_page(request, rows, query=query, by="created_at", show=show)

    @adding(
        TemplateSerializer, TemplateBody, named="create_response_template", words="Keep a template"
    )
    def post(self, request: Request) -> Response:
        """Keep words to begin replies with."""
        read_query(request)
        body, now = read_body(TemplateBody, request), clock.now()
        is_active = body.pop("is_active", True)
        with transaction.atomic():
            made = services.create_template(**body, actor=self.actor, now=now)
            if not is_active:
                _change(made, {"is_active": is_active}, self.actor)
                made = queries.get_template(template_id=made.pk)
        return answer_made(request, show([made])[0], "response-templates:template")


def _change(template: Any, body: dict[str, Any], actor: Actor) -> None:
    kept = {name: getattr(template, name) for name in KEPT}
    services.update_template(template=template, actor=actor, now=clock.now(), **(kept | body))


class OneTemplate(Door):
    """One template."""

    noun = "response-templates"

    @reading(TemplateSerializer, of="response_template", words="Read a template")
    def get(self, request: Request, template_id: UUID) -> Response:
        """Answer with the template."""
        read_query(request)
        return answer_one(request, show([queries.get_template(template_id=template_id)])[0])

    @changing(TemplateSerializer, TemplatePatch, of="response_template", words="Change a template")
    def patch(self, request: Request, template_id: UUID) -> Response:
        """Change what is given."""
        read_query(request)
        body = read_body(TemplatePatch, request)
        with transaction.atomic():
            template = self._hold(request, template_id)
            if body:
                _change(template, body, self.actor)
        return answer_one(request, show([queries.get_template(template_id=template_id)])[0])

    @deleting(of="response_template", words="Throw a template away")
    def delete(self, request: Request, template_id: UUID) -> Response:
        """Delete the template; replies that began with it stay."""
        read_query(request)
        with transaction.atomic():
            template = self._hold(request, template_id)
            services.delete_template(template=template, actor=self.actor)
        return Response(status=204)

    def _hold(self, request: Request, template_id: UUID) -> Any:
        """Return the template, locked, if it is the version that the caller means."""
        template = services.hold_template(template_id=template_id)
        check_version(request, show([template])[0])
        return template


class TemplatePreview(Door):
    """A template filled in."""

    noun = "response-templates"

    @reading(
        FilledSerializer, FillQuery, of="response_template_preview", words="Fill a template in"
    )
    def get(self, request: Request, template_id: UUID) -> Response:
        """Answer with its words for a review, or for a made-up customer."""
        query = read_query(request, FillQuery)
        template = queries.get_template(template_id=template_id)
        if "review_id" not in query:
            text = queries.preview_template(template.body)
            filled = {"template_id": template.pk, "name": template.name, "text": text}
        else:
            review = reviews.get_review(actor=self.actor, review_id=query["review_id"])
            writer = find_writer(query.get("member_id"), self.actor)
            filled = fill(template, review=review, writer=writer)
        return Response(FilledSerializer(filled).data)


class SuggestTemplates(Door):
    """Templates for one review."""

    noun = "response-templates"

    @reading(
        FilledListSerializer,
        SuggestQuery,
        of="suggested_response_templates",
        words="Find templates for a review",
    )
    def get(self, request: Request) -> Response:
        """Answer with those that suit its stars and troubles, filled in, the best first."""
        query = read_query(request, SuggestQuery)
        review = reviews.get_review(actor=self.actor, review_id=query["review_id"])
        writer = find_writer(query.get("member_id"), self.actor)
        found = [
            fill(template, review=review, writer=writer)
            for template in queries.suggest_templates(review)
        ]
        return Response(FilledListSerializer({"results": found}).data)
