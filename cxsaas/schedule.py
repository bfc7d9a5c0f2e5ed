"""What the scheduler rings, and how often; each entry is harmless when it runs twice.

Timers of the product are tickets with a due time, so an idle business costs the scheduler nothing.
"""

SCHEDULE = {
    "sweep": {"task": "jobs.sweep", "schedule": 2.0, "options": {"expires": 4, "queue": "bulk"}},
    "mails": {
        "task": "accounts.send_mails",
        "schedule": 5.0,
        "options": {"expires": 10, "queue": "bulk"},
    },
    "foundings": {
        "task": "staff.found_waiting",
        "schedule": 3.0,
        "options": {"expires": 6, "queue": "bulk"},
    },
    "accounts": {
        "task": "accounts.sweep",
        "schedule": 600.0,
        "options": {"expires": 600, "queue": "bulk"},
    },
}
