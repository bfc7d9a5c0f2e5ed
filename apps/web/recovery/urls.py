"""Addresses of the recovery pages."""

from django.urls import path

from apps.web.recovery import views, writes

app_name = "recovery"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.create, name="create"),
    path("record/", writes.record, name="record"),
    path("check/", views.check, name="check"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("<uuid:case_id>/collect/", writes.collect, name="collect"),
    path("<uuid:case_id>/apologise/", writes.apologise, name="apologise"),
    path("<uuid:case_id>/ask/", writes.ask, name="ask"),
    path("<uuid:case_id>/answer/", writes.answer, name="answer"),
    path("<uuid:case_id>/steps/<slug:plan>/", writes.add_step, name="add_step"),
    path("<uuid:case_id>/steps/<uuid:item_id>/done/", writes.finish_step, name="finish_step"),
    path("<uuid:case_id>/steps/<uuid:item_id>/undo/", writes.reopen_step, name="reopen_step"),
    path("<uuid:case_id>/promises/", writes.promise, name="promise"),
    path("<uuid:case_id>/promises/<uuid:promise_id>/", writes.settle, name="settle"),
    path("<uuid:case_id>/offers/", writes.offer, name="offer"),
    path("<uuid:case_id>/escalate/", writes.escalate, name="escalate"),
    path("<uuid:case_id>/move/", writes.move, name="move"),
    path("<uuid:case_id>/assign/", writes.assign, name="assign"),
    path("<uuid:case_id>/notes/", writes.note, name="note"),
    path("<uuid:case_id>/close/", writes.close, name="close"),
    path("<uuid:case_id>/reopen/", writes.reopen, name="reopen"),
]
