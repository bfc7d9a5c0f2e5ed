"""Addresses of answers."""

from django.urls import path

from apps.api.responses.views import OneResponse, Responses

app_name = "responses"
urlpatterns = [
    path("", Responses.as_view(), name="list"),
    path("<uuid:response_id>/", OneResponse.as_view(), name="response"),
]
