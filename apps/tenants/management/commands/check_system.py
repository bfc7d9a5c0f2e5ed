"""``check_system``: the audit of the wall as it stands in this database."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.tenants.queries import audit_wall


class Command(BaseCommand):
    """Prints what was looked at; leaves with 1 when anything is red."""

    help = "Look at the wall in this database; leave with 1 on a red finding."

    def handle(self, **_: Any) -> None:
        """Print each finding."""
        findings = audit_wall()
        for finding in findings:
            self.stdout.write(f"{'ok ' if finding.is_good else 'RED'} {finding.text}")
        if not all(finding.is_good for finding in findings):
            raise SystemExit(1)
