"""Addresses of the ledger and the accounts."""

from django.urls import path

from apps.web.messages import accounts, views

app_name = "messages"
urlpatterns = [
    path("", views.ledger, name="list"),
    path("accounts/", accounts.overview, name="accounts"),
    path("accounts/<slug:channel>/<slug:kind>/", accounts.edit, name="account"),
    path("<uuid:message_id>/", views.message, name="message"),
    path("<uuid:message_id>/settle/", views.settle, name="settle"),
]
