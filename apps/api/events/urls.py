"""Addresses of events."""

from django.urls import path

from apps.api.events.views import Events

app_name = "events"
urlpatterns = [path("", Events.as_view(), name="list")]
