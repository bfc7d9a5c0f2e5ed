"""Addresses of the sandbox phone and mailbox."""

from django.urls import path

from apps.web.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("mail/<uuid:message_id>/", views.mail, name="mail"),
    path("phone/", views.phone, name="phone"),
    path("phone/answer/", views.answer, name="answer"),
]
