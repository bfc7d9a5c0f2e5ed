"""Every component in every state; what browser tests photograph."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.web.styleguide.forms import SampleForm

TONES = ("", "accent", "good", "warn", "bad")
SWATCHES = (
    *("canvas", "surface", "sunken", "hover", "line", "line-firm", "line-control"),
    *("ink", "ink-2", "ink-3", "accent", "accent-ink", "accent-soft"),
    *("good", "good-ink", "good-soft", "warn", "warn-ink", "warn-soft"),
    *("bad", "bad-ink", "bad-soft"),
)


SAMPLES: dict[str, object] = {
    "tabs": [
        {"title": "All", "url": "#a", "current": True},
        {"title": "Mine", "url": "#b", "count": 4},
        {"title": "Late soon", "url": "#c", "count": 3, "tone": "bad"},
        {"title": "Snoozed", "url": "#d"},
    ],
    "segments": [
        {"title": "30 days", "url": "#a", "current": True},
        {"title": "6 months", "url": "#b", "icon": "calendar"},
    ],
    "steps": [
        {"title": "Audience", "url": "#1", "done": True},
        {"title": "Messages", "url": "#2", "done": True},
        {"title": "Check", "url": "#3", "current": True},
        {"title": "Launch", "url": ""},
    ],
    "stages": [
        {
            "title": "Collect",
            "state": "done",
            "share": 100,
            "tone": "good",
            "icon": "check",
            "when": "Took 51 min of 4 h",
        },
        {
            "title": "Apologise",
            "state": "now",
            "share": 16,
            "tone": "bad",
            "icon": "recovery",
            "when": "38 min left, of 4 hours",
            "note": "Draft ready, Ruth signs",
        },
        {
            "title": "Respond",
            "state": "next",
            "share": None,
            "tone": "",
            "icon": "wrench",
            "when": "Due Friday 18:00",
        },
        {
            "title": "Escalate",
            "state": "next",
            "share": None,
            "tone": "",
            "icon": "up",
            "when": "Only if needed",
        },
    ],
    "parts": [
        {"title": "Delivered", "count": 228, "tone": "good"},
        {"title": "On their way", "count": 5},
        {"title": "Waiting", "count": 115, "soft": True},
        {"title": "Bounced", "count": 3, "tone": "bad"},
        {"title": "Held by the gate", "count": 5, "tone": "warn"},
    ],
    "bars": [
        {
            "title": "Delivered",
            "low": 93.4,
            "high": 98.3,
            "number": "228",
            "words": "97 % of 236 sent, 93 to 98 %",
        },
        {
            "title": "Opened the link",
            "low": 31.4,
            "high": 43.5,
            "number": "88",
            "words": "39 % of 228, 33 to 45 %",
        },
        {"title": "Review found", "share": 8.9, "number": "21", "tone": "good"},
    ],
    "facts": [
        {"title": "A year with us", "value": "€1,860", "evidence": "measured"},
        {"title": "Severity", "value": "5 of 5", "evidence": "stated"},
        {"title": "Can be saved", "value": "Likely", "evidence": "estimated"},
    ],
    "sums": [
        {"title": "Refund, brake part", "value": "€46.00", "note": "usual for all"},
        {"title": "Goodwill", "value": "€0.00"},
    ],
    "crumbs": [{"title": "Recovery", "url": "#recovery"}],
    "points": [4.0, 4.1, 3.9, 4.3, 4.1, 4.2, 4.3, 4.2, 4.5, 4.6],
    "sources": [("", "Any source"), ("google", "Google"), ("own", "Own page")],
    "talk": {
        "who": "Ruth Daly",
        "text": "Ruth, the owner, answers until 18:00.",
        "phone": "+353209150110",
        "sms": True,
        "email": "ruth@mail.bluebirdbikes.example",
    },
    "curl": 'curl -H "Authorization: Bearer $KEY" http://demo.localhost:8000/api/v1/customers/',
    "hostile": '<script>alert(1)</script>" onfocus="alert(2)',
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the parts; ?dir=rtl turns the page round."""
    context = {
        "tones": TONES,
        "swatches": SWATCHES,
        "brands": [("Bluebird", ""), ("Fern", "fern"), ("Plum", "plum"), ("Sun", "sun")],
        "form": SampleForm(),
        "wrong": SampleForm(SampleForm.WRONG, auto_id="wrong_%s"),
        "is_turned": request.GET.get("dir") == "rtl",
        **SAMPLES,
    }
    return render(request, "web/styleguide.html", context)
