"""Addresses of response templates."""

from django.urls import path

from apps.api.templates.views import OneTemplate, SuggestTemplates, TemplatePreview, Templates

app_name = "response-templates"
urlpatterns = [
    path("", Templates.as_view(), name="list"),
    path("suggest/", SuggestTemplates.as_view(), name="suggest"),
    path("<uuid:template_id>/", OneTemplate.as_view(), name="template"),
    path("<uuid:template_id>/preview/", TemplatePreview.as_view(), name="preview"),
]
