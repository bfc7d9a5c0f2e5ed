"""Addresses of text checks."""

from django.urls import path

from apps.api.checks.views import TextChecks

app_name = "text-checks"
urlpatterns = [path("", TextChecks.as_view(), name="list")]
