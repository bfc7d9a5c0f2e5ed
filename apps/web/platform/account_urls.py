"""Addresses below ``/account/`` on every host, beside those of sign-in."""

from django.urls import include, path

from apps.web.platform import entry, invitation, security

urlpatterns = [
    path("go/<slug:slug>/", entry.go, name="account_go"),
    path("enter/", entry.enter, name="account_enter"),
    path("invitation/<str:token>/", invitation.join, name="account_invitation"),
    path("2fa/", security.overview, name="mfa_index"),
    path("2fa/remove/<int:factor_id>/", security.remove, name="account_remove_factor"),
    # The library's own pages for what the overview and the page above do.
    path("2fa/webauthn/", security.to_overview),
    path("2fa/totp/deactivate/", security.to_overview),
    path("2fa/webauthn/keys/<int:factor_id>/remove/", security.to_overview),
    path("2fa/", include("allauth.mfa.urls")),
    # What the library offers beside and we do otherwise: by invitation, and in the profile.
    *[
        path(name, entry.absent)
        for name in ("signup/", "email/", "password/change/", "password/set/", "confirm-email/")
    ],
]
