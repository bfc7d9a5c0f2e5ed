"""The staff door as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names the door that staff use."""

    name = "apps.web"
    label = "web"
