"""Text checks: what law, tone and good apologies have to say about a text."""

from collections import Counter

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.checks.serializers import TextCheckBody, TextCheckSerializer
from apps.api.shared.schema import writing
from apps.api.shared.views import Door, read_body, read_query
from apps.text import checks


class TextChecks(Door):
    """The checkers."""

    noun = "text-checks"
    scope = "text-checks:read"

    @writing(TextCheckSerializer, TextCheckBody, named="check_text", words="Check a text")
    def post(self, request: Request) -> Response:
        """Answer with findings, the gravest first; nothing of the text is kept."""
        read_query(request)
        body = read_body(TextCheckBody, request)
        # White space around it counts for nothing and is gone: spans are of the text without it.
        findings = checks.check_text(body["kind"], body["text"])
        count = Counter(str(finding.tone) for finding in findings)
        shown = {
            "is_blocked": checks.is_blocked(findings),
            "scores": {
                **{tone: count[tone] for tone in ("bad", "warn", "good")},
                "share": round(count["good"] / len(findings), 3) if findings else None,
            },
            "findings": findings,
        }
        return Response(TextCheckSerializer(shown).data)
