"""Addresses on the platform's own host."""

from django.urls import path

from apps.web.platform import views

app_name = "platform"
urlpatterns = [path("", views.choose, name="choose")]
