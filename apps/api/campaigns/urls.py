"""Addresses of campaigns."""

from django.urls import path

from apps.api.campaigns.views import Campaigns, OneCampaign
from apps.api.campaigns.work import (
    CampaignPreview,
    CampaignStats,
    CancelCampaign,
    EnrollPeople,
    LaunchCampaign,
    PauseCampaign,
    ResumeCampaign,
)

app_name = "campaigns"
urlpatterns = [
    path("", Campaigns.as_view(), name="list"),
    path("<uuid:campaign_id>/", OneCampaign.as_view(), name="campaign"),
    path("<uuid:campaign_id>/preview/", CampaignPreview.as_view(), name="preview"),
    path("<uuid:campaign_id>/launch/", LaunchCampaign.as_view(), name="launch"),
    path("<uuid:campaign_id>/pause/", PauseCampaign.as_view(), name="pause"),
    path("<uuid:campaign_id>/resume/", ResumeCampaign.as_view(), name="resume"),
    path("<uuid:campaign_id>/cancel/", CancelCampaign.as_view(), name="cancel"),
    path("<uuid:campaign_id>/enroll/", EnrollPeople.as_view(), name="enroll"),
    path("<uuid:campaign_id>/stats/", CampaignStats.as_view(), name="stats"),
]
