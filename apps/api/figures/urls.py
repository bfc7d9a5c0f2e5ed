"""Addresses of figures."""

from django.urls import path

from apps.api.figures.views import Figures

app_name = "kpis"
urlpatterns = [path("", Figures.as_view(), name="list")]
