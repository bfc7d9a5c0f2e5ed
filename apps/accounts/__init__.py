"""People of the platform: users, memberships, sessions."""
