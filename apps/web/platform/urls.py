"""Addresses on the platform's own host."""

from django.urls import path

from apps.web.platform import entry, founding, sandbox, signup, views

app_name = "platform"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("signup/", signup.sign_up, name="signup"),
    path("signup/confirm/", signup.confirm, name="confirm"),
    path("signup/resend/", signup.resend, name="resend"),
    path("reopen/<slug:slug>/", views.reopen, name="reopen"),
    path("new/", founding.new, name="new"),
    path("new/address/", founding.address, name="address"),
    path("new/guess/", founding.guess, name="guess"),
    path("new/<uuid:founding_id>/", founding.place, name="place"),
    path("new/<uuid:founding_id>/state/", founding.state, name="state"),
    path("to/<slug:slug>/", entry.onward, name="onward"),
    path("sandbox/", sandbox.mailbox, name="mailbox"),
    path("sandbox/<uuid:mail_id>/", sandbox.mail, name="mail"),
]
