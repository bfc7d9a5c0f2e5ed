"""Addresses of cases."""

from django.urls import path

from apps.api.cases.care import (
    Apologies,
    AskCustomer,
    AssignCase,
    CaseNotes,
    CollectCase,
    OnePlanItem,
    Plan,
)
from apps.api.cases.views import (
    Cases,
    CaseStages,
    CloseCase,
    EscalateCase,
    OneCase,
    ReopenCase,
    SettleCase,
)

app_name = "cases"
urlpatterns = [
    path("", Cases.as_view(), name="list"),
    path("<uuid:case_id>/", OneCase.as_view(), name="case"),
    path("<uuid:case_id>/stages/", CaseStages.as_view(), name="stages"),
    path("<uuid:case_id>/assign/", AssignCase.as_view(), name="assign"),
    path("<uuid:case_id>/collect/", CollectCase.as_view(), name="collect"),
    path("<uuid:case_id>/apologies/", Apologies.as_view(), name="apologies"),
    path("<uuid:case_id>/plan/", Plan.as_view(), name="plan"),
    path("<uuid:case_id>/plan/<uuid:item_id>/", OnePlanItem.as_view(), name="plan-item"),
    path("<uuid:case_id>/ask/", AskCustomer.as_view(), name="ask"),
    path("<uuid:case_id>/notes/", CaseNotes.as_view(), name="notes"),
    path("<uuid:case_id>/escalate/", EscalateCase.as_view(), name="escalate"),
    path("<uuid:case_id>/settle/", SettleCase.as_view(), name="settle"),
    path("<uuid:case_id>/close/", CloseCase.as_view(), name="close"),
    path("<uuid:case_id>/reopen/", ReopenCase.as_view(), name="reopen"),
]
