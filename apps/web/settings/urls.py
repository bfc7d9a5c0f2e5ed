"""Addresses of the settings."""

from django.urls import path

from apps.web.settings import business, hours, keys, profile, security, team, views

app_name = "settings"
urlpatterns = [
    path("", views.index, name="index"),
    path("brand/", views.brand, name="brand"),
    path("locations/", views.list_locations, name="locations"),
    path("locations/new/", views.create_location, name="create_location"),
    path("locations/<uuid:location_id>/", views.edit_location, name="location"),
    path("destinations/", views.list_destinations, name="destinations"),
    path("destinations/new/", views.create_destination, name="create_destination"),
    path("destinations/<uuid:destination_id>/", views.edit_destination, name="destination"),
    path(
        "destinations/<uuid:destination_id>/move/", views.move_destination, name="move_destination"
    ),
    path("hours/", hours.hours, name="hours"),
    path("business/", business.business, name="business"),
    path("business/sample/", business.sample, name="sample"),
    path("business/sample/remove/", business.remove_sample, name="remove_sample"),
    path("business/close/", business.close, name="close_business"),
    path("keys/", keys.list_keys, name="keys"),
    path("keys/new/", keys.create_key, name="create_key"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke_key, name="revoke_key"),
    path("team/", team.list_team, name="team"),
    path("team/invite/", team.invite, name="invite"),
    path("team/invitations/<uuid:invitation_id>/resend/", team.resend, name="resend_invitation"),
    path("team/invitations/<uuid:invitation_id>/revoke/", team.revoke, name="revoke_invitation"),
    path("team/<uuid:member_id>/locations/", team.limit, name="limit_member"),
    path("team/<uuid:member_id>/role/", team.change_role, name="change_role"),
    path("team/<uuid:member_id>/deactivate/", team.deactivate, name="deactivate_member"),
    path("profile/", profile.profile, name="profile"),
    path("profile/security/", security.security, name="security"),
    path("profile/password/", profile.change_password, name="password"),
    path("profile/sessions/end/", profile.end_session, name="end_session"),
    path("profile/sessions/end-others/", profile.end_others, name="end_others"),
]
