"""Addresses of failures."""

from django.urls import path

from apps.api.failures.views import Failures, OneFailure

app_name = "failures"
urlpatterns = [
    path("", Failures.as_view(), name="list"),
    path("<uuid:failure_id>/", OneFailure.as_view(), name="failure"),
]
