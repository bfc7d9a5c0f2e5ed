"""Addresses of locations."""

from django.urls import path

from apps.api.locations.views import Locations, OneLocation

app_name = "locations"
urlpatterns = [
    path("", Locations.as_view(), name="list"),
    path("<uuid:location_id>/", OneLocation.as_view(), name="location"),
]
