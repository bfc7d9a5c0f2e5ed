"""Durable tickets for work that must not be lost; Celery is the bell and the hands."""
