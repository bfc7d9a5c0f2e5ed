"""Addresses of the team."""

from django.urls import path

from apps.api.staff.views import Members, OneMember

app_name = "staff"
urlpatterns = [
    path("", Members.as_view(), name="list"),
    path("<uuid:member_id>/", OneMember.as_view(), name="member"),
]
