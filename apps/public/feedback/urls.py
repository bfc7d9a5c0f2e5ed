"""Addresses of the rating pages; the token in them is the right to use them."""

from django.urls import path

from apps.public.feedback import views

app_name = "feedback"
urlpatterns = [
    path("<str:token>/", views.rate, name="rate"),
    path("<str:token>/go/<uuid:destination_id>/", views.go, name="go"),
    path("<str:token>/write/", views.write, name="write"),
]
