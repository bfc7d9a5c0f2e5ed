"""Addresses of redemptions."""

from django.urls import path

from apps.api.redemptions.views import Redemptions

app_name = "redemptions"
urlpatterns = [path("", Redemptions.as_view(), name="list")]
