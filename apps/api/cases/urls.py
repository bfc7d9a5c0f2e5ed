"""Addresses of cases."""

from django.urls import path

from apps.api.cases.views import Cases, CaseStages, CloseCase, EscalateCase, OneCase, ReopenCase

app_name = "cases"
urlpatterns = [
    path("", Cases.as_view(), name="list"),
    path("<uuid:case_id>/", OneCase.as_view(), name="case"),
    path("<uuid:case_id>/stages/", CaseStages.as_view(), name="stages"),
    path("<uuid:case_id>/escalate/", EscalateCase.as_view(), name="escalate"),
    path("<uuid:case_id>/close/", CloseCase.as_view(), name="close"),
    path("<uuid:case_id>/reopen/", ReopenCase.as_view(), name="reopen"),
]
