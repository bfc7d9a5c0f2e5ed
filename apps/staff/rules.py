"""Who may do what: permissions are ``<app>.<verb>``, given by role."""

from apps.accounts.choices import Role

AGENT = frozenset(
    {
        "home.view",
        "reviews.view", "reviews.assign", "reviews.reply", "reviews.resolve", "reviews.note",
        "customers.view", "customers.send",
        "failures.view", "failures.record",
        "recovery.view", "recovery.work",
        "offers.view", "offers.issue", "offers.redeem",
        "campaigns.view", "messaging.view",
        "insights.view", "settings.view",
    }
)  # fmt: skip
ANALYST = frozenset(
    {
        "home.view", "reviews.view", "campaigns.view", "recovery.view", "failures.view",
        "offers.view", "insights.view", "settings.view", "messaging.view",
    }
)  # fmt: skip
MANAGER = AGENT | {
    "customers.change", "customers.import", "customers.export",
    "campaigns.change", "campaigns.launch",
    "reviews.import", "replies.templates", "replies.approve",
    "offers.approve", "recovery.close", "staff.view", "staff.change",
    "settings.change", "messaging.settle",
}  # fmt: skip
OWNER = MANAGER | {"business.billing", "business.close", "staff.owners"}
# What reaches every place at once is for those who see every place.
BUSINESS_WIDE = frozenset(
    {
        "customers.import", "customers.export", "reviews.import", "settings.change",
        "staff.change", "staff.owners", "business.billing", "business.close",
    }
)  # fmt: skip
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OWNER: OWNER,
    Role.MANAGER: MANAGER,
    Role.AGENT: AGENT,
    Role.ANALYST: ANALYST,
}
DEFAULT_LIMIT_MINOR = {
    Role.OWNER: 10_000_00,
    Role.MANAGER: 500_00,
    Role.AGENT: 50_00,
    Role.ANALYST: 0,
}


def permissions_of(role: str, *, is_limited: bool = False) -> frozenset[str]:
    """Return what a role may do, limited to some places or not; nothing for one unknown."""
    allowed = PERMISSIONS.get(role, frozenset())
    return allowed - BUSINESS_WIDE if is_limited else allowed
