"""Addresses on the platform's own host."""

from django.urls import path

from apps.web.platform import sandbox, views

app_name = "platform"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("sandbox/", sandbox.mailbox, name="mailbox"),
    path("sandbox/<uuid:mail_id>/", sandbox.mail, name="mail"),
]
