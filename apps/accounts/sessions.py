"""The session store: rows of one table, each worth something on one host only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from django.contrib.sessions.backends import db

from apps.accounts.models import Session
from apps.core import clock
from apps.tenants import wall

PROOFS = login.AUTHENTICATION_METHODS_SESSION_KEY
PROOFS_OF = login._AUTHENTICATION_METHODS_USER_SESSION_KEY  # noqa: SLF001 - allauth has no setter
SIGNED_IN_AT = "_signed_in_at"
USER_AGENT = "_user_agent"
MOST_AGENT = 200


class SessionStore(db.SessionStore):
    """Reads and writes under the platform's role, and only sessions of its own host."""

    def __init__(
        self,
        session_key: str | None = None,
        *,
        business_id: int | None = None,
        user_agent: str = "",
    ) -> None:
        super().__init__(session_key)
        self.business_id = business_id
        self.user_agent = user_agent

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the model of a session."""
        return Session

    def _get_session_from_db(self) -> Any:
        with wall.as_platform():
            found = super()._get_session_from_db()  # type: ignore[misc]
        if found is not None and found.business_id != self.business_id:
            self._session_key = None
            return None
        return found

    def create_model_instance(self, data: Any) -> Any:
        """Return the row for this session with its host, its person and their browser."""
        person = data.get("_auth_user_id")
        if person and SIGNED_IN_AT not in data:
            data[SIGNED_IN_AT] = clock.now().isoformat()
            data[USER_AGENT] = self.user_agent[:MOST_AGENT]
        row: Any = super().create_model_instance(data)
        row.business_id = self.business_id
        row.user_id = UUID(person) if person else None
        if person:
            row.signed_in_at = datetime.fromisoformat(data[SIGNED_IN_AT])
            row.user_agent = data[USER_AGENT]
        return row

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the session."""
        with wall.as_platform():
            super().save(must_create)

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is in use, on whichever host."""
        with wall.as_platform():
            return super().exists(session_key)

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session."""
        with wall.as_platform():
            super().delete(session_key)


def adopt_proofs(request: Any, user: Any, proofs: list[dict[str, Any]]) -> None:
    """Take over how a person has proved on another host who they are, and when."""
    request.session[PROOFS] = proofs
    request.session[PROOFS_OF] = user_id_to_str(user)
