"""Addresses of messages."""

from django.urls import path

from apps.api.messages.views import Messages, OneMessage

app_name = "messages"
urlpatterns = [
    path("", Messages.as_view(), name="list"),
    path("<uuid:message_id>/", OneMessage.as_view(), name="message"),
]
