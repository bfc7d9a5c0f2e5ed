"""Addresses of the pages on which customers choose what to get."""

from django.urls import path

from apps.public.consent import views

app_name = "consent"
urlpatterns = [
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("p/<str:token>/", views.preferences, name="preferences"),
]
