"""Addresses of the response templates."""

from django.urls import path

from apps.web.replies import views

app_name = "replies"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("new/", views.create, name="create"),
    path("preview/", views.preview, name="preview"),
    path("<uuid:template_id>/", views.edit, name="edit"),
    path("<uuid:template_id>/delete/", views.delete, name="delete"),
]
