"""The project package: settings, addresses, the Celery application and the local supervisor."""
