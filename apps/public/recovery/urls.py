"""Addresses of the customers' page of a case."""

from django.urls import path

from apps.public.recovery import views

app_name = "recovery"
urlpatterns = [
    path("<str:token>/", views.case, name="case"),
    path("<str:token>/answer/", views.answer, name="answer"),
    path("<str:token>/write/", views.write, name="write"),
]
