"""The address of the styleguide."""

from django.urls import path

from apps.web.styleguide import views

app_name = "styleguide"
urlpatterns = [path("", views.index, name="index")]
