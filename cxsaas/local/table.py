"""The table that ends a successful start: where to look, how to log in, how to stop."""

from collections.abc import Mapping

from cxsaas.local.layout import Layout

PASSWORD = "demo-demo"  # noqa: S105  the demo's public log-in, printed for everybody
DEMO_LOGINS = ("owner", "manager", "agent", "analyst")
RULE = "─" * 78


def start_table(environment: Mapping[str, str], place: Layout, port: int) -> str:
    """Compose the table for this run."""
    domain = environment["BASE_DOMAIN"]
    site, demo, rival = (
        f"http://{host}:{port}" for host in (domain, f"demo.{domain}", f"rival.{domain}")
    )
    key = api_key(place)
    people = ", ".join(f"{role}@demo.example" for role in DEMO_LOGINS)
    rows = [
        ("Public site", f"{site}/"),
        ("Demo business", f"{demo}/"),
        ("Second business", f"{rival}/"),
        ("Log in as", people),
        ("", "owner@rival.example, agency@demo.example (a member of both)"),
        ("Password", f"{PASSWORD} (all of them)"),
        ("Sandbox", f"{demo}/sandbox/  every email and SMS “sent”, links working"),
        ("API", f"{demo}/api/v1/  documentation: {demo}/api/v1/docs/"),
        ("API key", key or f"none found in {place.demo_key}"),
        ("Health", f"{site}/healthz  {site}/readyz  {site}/metrics"),
        ("Data and logs", str(place.root)),
    ]
    lines = [f"  {label:<16}{value}" for label, value in rows]
    closing = "  Ctrl-C stops everything; nothing is lost."
    return "\n".join(("", RULE, "  cxsaas is ready", "", *lines, "", closing, RULE, ""))


def api_key(place: Layout) -> str:
    """Read the demo's API key, where the demo has made one."""
    try:
        return place.demo_key.read_text().strip()
    except FileNotFoundError:
        return ""
