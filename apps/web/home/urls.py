"""Addresses of the staff home."""

from django.urls import path

from apps.web.home import views

app_name = "home"
urlpatterns = [
    path("", views.today, name="today"),
    path("setup/put-away/", views.put_away, name="put_away"),
    path("setup/bring-back/", views.bring_back, name="bring_back"),
    path("find/", views.find, name="find"),
    path("look/", views.look, name="look"),
]
