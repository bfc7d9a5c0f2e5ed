"""What the scheduler rings, and how often; each entry is harmless when it runs twice."""

SCHEDULE = {
    "sweep": {"task": "jobs.sweep", "schedule": 2.0, "options": {"expires": 4, "queue": "bulk"}},
    "seal-journals": {"task": "jobs.tick", "schedule": 60.0, "options": {"expires": 50, "queue": "bulk"}},
}
