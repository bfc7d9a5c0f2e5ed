"""Addresses of the campaign pages."""

from django.urls import path

from apps.web.campaigns import builder, views

app_name = "campaigns"
urlpatterns = [
    path("", views.list_all, name="list"),
    path("new/", builder.create, name="create"),
    path("ask/", views.ask, name="ask"),
    path("<uuid:campaign_id>/", views.campaign, name="campaign"),
    path("<uuid:campaign_id>/live/", views.live, name="live"),
    path("<uuid:campaign_id>/audience/", builder.audience, name="audience"),
    path("<uuid:campaign_id>/audience/count/", builder.count, name="count"),
    path("<uuid:campaign_id>/left-out/<slug:reason>/", builder.left_out, name="left_out"),
    path("<uuid:campaign_id>/messages/", builder.messages, name="messages"),
    path("<uuid:campaign_id>/messages/preview/", builder.preview, name="preview"),
    path("<uuid:campaign_id>/check/", builder.check, name="check"),
    path("<uuid:campaign_id>/launch/", views.launch, name="launch"),
    path("<uuid:campaign_id>/pause/", views.pause, name="pause"),
    path("<uuid:campaign_id>/resume/", views.resume, name="resume"),
    path("<uuid:campaign_id>/stop/", views.stop, name="stop"),
    path("<uuid:campaign_id>/test/", views.test, name="test"),
    path("<uuid:campaign_id>/delete/", views.delete, name="delete"),
]
