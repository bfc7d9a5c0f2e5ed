"""Addresses of reviews."""

from django.urls import path

from apps.api.reviews.views import ManyReviews, OneReview, Reviews
from apps.api.reviews.work import (
    AssignReview,
    Notes,
    Replies,
    ReviewFailure,
    ReviewState,
    TagReview,
)

app_name = "reviews"
urlpatterns = [
    path("", Reviews.as_view(), name="list"),
    path("bulk/", ManyReviews.as_view(), name="bulk"),
    path("<uuid:review_id>/", OneReview.as_view(), name="review"),
    path("<uuid:review_id>/replies/", Replies.as_view(), name="replies"),
    path("<uuid:review_id>/assign/", AssignReview.as_view(), name="assign"),
    path("<uuid:review_id>/status/", ReviewState.as_view(), name="status"),
    path("<uuid:review_id>/tags/", TagReview.as_view(), name="tags"),
    path("<uuid:review_id>/notes/", Notes.as_view(), name="notes"),
    path("<uuid:review_id>/failure/", ReviewFailure.as_view(), name="failure"),
]
