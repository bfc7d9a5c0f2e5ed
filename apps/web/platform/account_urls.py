"""Addresses below ``/account/`` on every host, beside those of sign-in."""

from django.urls import path

from apps.web.platform import entry, invitation

urlpatterns = [
    path("go/<slug:slug>/", entry.go, name="account_go"),
    path("enter/", entry.enter, name="account_enter"),
    path("invitation/<str:token>/", invitation.join, name="account_invitation"),
    # What the library offers beside and we do otherwise: by invitation, and in the profile.
    *[
        path(name, entry.absent)
        for name in ("signup/", "email/", "password/change/", "password/set/", "confirm-email/")
    ],
]
