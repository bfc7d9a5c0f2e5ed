"""Addresses of this door: one for each room that machines call."""

from django.urls import URLPattern, URLResolver, path

from apps.callbacks import views

app_name = "callbacks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("messaging/<slug:provider>/<str:key>/<slug:kind>/", views.receive, name="messaging"),
]
