"""Addresses of the staff home."""

from django.urls import path

from apps.web.home import views

app_name = "home"
urlpatterns = [
    path("", views.today, name="today"),
    path("find/", views.find, name="find"),
    path("look/", views.look, name="look"),
]
