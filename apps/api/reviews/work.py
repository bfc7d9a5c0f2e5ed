"""Work on a review: replies, who has it, how it stands, its tags."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.failures.serializers import FailureSerializer
from apps.api.reviews.serializers import (
    AssignBody,
    NoteBody,
    NoteSerializer,
    NotesSerializer,
    RepliesSerializer,
    ReplyBody,
    ReplySerializer,
    ReviewFailureBody,
    ReviewSerializer,
    StatusBody,
    TagsBody,
)
from apps.api.reviews.views import show
from apps.api.shared.lookups import about_member, find_contact, find_member
from apps.api.shared.schema import reading, writing
from apps.api.shared.serializers import StrictSerializer
from apps.api.shared.versions import answer_made, answer_one
from apps.api.shared.views import Door, read_body, read_query
from apps.core import clock
from apps.failures import services as failures
from apps.replies import queries as replies
from apps.replies import services as replying
from apps.reviews import queries, services


class _Review(Door):
    """Something about one review."""

    noun = "reviews"

    def begin(
        self, request: Request, review_id: UUID, body: type[StrictSerializer] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Return the review and the clean body."""
        read_query(request)
        given = read_body(body, request) if body else {}
        return queries.get_review(actor=self.actor, review_id=review_id), given

    def answer(self, request: Request, review_id: UUID) -> Response:
        """Answer with the review as it is now."""
        review = queries.get_review(actor=self.actor, review_id=review_id)
        return answer_one(request, show([review])[0])


class Replies(_Review):
    """What was answered."""

    @reading(RepliesSerializer, of="replies", words="Read what was answered to a review")
    def get(self, request: Request, review_id: UUID) -> Response:
        """Answer with the replies, oldest first; drafts are not among them."""
        review, _body = self.begin(request, review_id)
        rows = replies.list_replies(review)
        return Response({"results": ReplySerializer(rows, many=True).data})

    @writing(ReplySerializer, ReplyBody, named="send_reply", words="Answer", statuses=(201,))
    def post(self, request: Request, review_id: UUID) -> Response:
        """Answer in the name of a member, who may take it back for ten seconds; 409 if second."""
        review, body = self.begin(request, review_id, ReplyBody)
        member = find_member(body.pop("member_id"))
        if "contact_id" in body:
            find_contact(body["contact_id"], customer_id=review.customer_id)
        reply = replying.send_reply(review=review, actor=member, now=clock.now(), **body)
        return Response(ReplySerializer(reply).data, status=201)


class AssignReview(_Review):
    """Who has it."""

    @writing(ReviewSerializer, AssignBody, named="assign_review", words="Give it to somebody")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Give the review to a member of the team, or to nobody."""
        review, body = self.begin(request, review_id, AssignBody)
        member_id = body["member_id"]
        if member_id is not None:
            find_member(member_id)
        with about_member():
            services.assign_review(
                review=review, member_id=member_id, actor=self.actor, now=clock.now()
            )
        return self.answer(request, review_id)


class ReviewState(_Review):
    """How it stands."""

    @writing(ReviewSerializer, StatusBody, named="set_review_status", words="Say how it stands")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Resolve, snooze, reopen the review, or let it wait for the customer."""
        review, body = self.begin(request, review_id, StatusBody)
        services.set_status(review=review, actor=self.actor, now=clock.now(), **body)
        return self.answer(request, review_id)


class TagReview(_Review):
    """Its tags."""

    @writing(ReviewSerializer, TagsBody, named="tag_review", words="Replace its tags")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Put these tags in place of those there are."""
        review, body = self.begin(request, review_id, TagsBody)
        services.tag_review(review=review, tags=body["tags"], actor=self.actor, now=clock.now())
        return self.answer(request, review_id)


class Notes(_Review):
    """Words among the staff."""

    @reading(NotesSerializer, of="review_notes", words="Read what the staff wrote to each other")
    def get(self, request: Request, review_id: UUID) -> Response:
        """Answer with the notes, oldest first."""
        review, _body = self.begin(request, review_id)
        rows = queries.list_notes(review)
        return Response({"results": NoteSerializer(rows, many=True).data})

    @writing(NoteSerializer, NoteBody, named="add_review_note", words="Add a note", statuses=(201,))
    def post(self, request: Request, review_id: UUID) -> Response:
        """Leave a word for the staff, in the name of the key."""
        review, body = self.begin(request, review_id, NoteBody)
        note = services.add_note(review=review, actor=self.actor, now=clock.now(), **body)
        return Response(NoteSerializer(note).data, status=201)


class ReviewFailure(_Review):
    """The failure that a review tells of."""

    scope = "failures:write"

    @writing(
        FailureSerializer,
        ReviewFailureBody,
        named="record_review_failure",
        words="Record the failure that it tells of",
        statuses=(200, 201),
    )
    def post(self, request: Request, review_id: UUID) -> Response:
        """Record the failure, and its case with it: 200 when the review had one already."""
        review, body = self.begin(request, review_id, ReviewFailureBody)
        now = clock.now()
        failure = failures.record_failure(review=review, actor=self.actor, now=now, **body)
        status = 201 if failure.created_at == now else 200
        made = FailureSerializer(failure).data
        return answer_made(request, made, "failures:failure", status=status)
