"""Users, their memberships, their sessions and their ways in; all in the public schema."""

import hashlib
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from apps.accounts.choices import FoundingState, Role
from apps.core.db import uuid7


class UserManager(BaseUserManager["User"]):
    """Finds people by their email, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this email."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who logs in; one for all businesses they belong to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, default="", blank=True)
    language = models.CharField(max_length=12, default="en")
    # Empty: the clock of the business they are in.
    time_zone = models.CharField(max_length=64, default="", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """A person's role in a business."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    business = models.ForeignKey("tenants.Business", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "business"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Session(AbstractBaseSession):
    """A log-in on one host; ``business`` is null on the platform's own host."""

    business = models.ForeignKey(
        "tenants.Business", null=True, on_delete=models.CASCADE, related_name="+"
    )
    user_id = models.UUIDField(null=True, db_index=True)
    user_agent = models.CharField(max_length=200, default="", blank=True)
    signed_in_at = models.DateTimeField(null=True)

    @property
    def handle(self) -> str:
        """Return a name for this session that opens nothing."""
        return hashlib.sha256(f"handle:{self.session_key}".encode()).hexdigest()[:24]

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the store that reads and writes these rows."""
        from apps.accounts.sessions import SessionStore  # noqa: PLC0415 - Django's own circle

        return SessionStore


class EntryCode(models.Model):
    """A way from one host to another for one person; only hashes of its secrets are kept."""

    code_hash = models.CharField(max_length=64, unique=True)
    nonce_hash = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    business = models.ForeignKey("tenants.Business", on_delete=models.CASCADE, related_name="+")
    origin = models.CharField(max_length=300)
    # How the person proved on the first host who they are: the second takes it as done there.
    proofs = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} to {self.business_id}"


class PlatformMail(models.Model):
    """A mail of the platform itself to a person: a new password, an invitation.

    In local mode the sandbox shows it; elsewhere its text is wiped once the server has it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="platform_mail_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Invitation(models.Model):
    """A place in a business offered to an address; whoever reads its mail may take it once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    business = models.ForeignKey("tenants.Business", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=120)
    # It is good only as long as this person may invite; nobody in those of before.
    inviter_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "business",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"


class SignUp(models.Model):
    """Somebody who wants a log-in and has yet to show that the address is theirs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    password = models.CharField(max_length=128)
    # Empty where the address has a log-in already: no code fits then.
    code_hash = models.CharField(max_length=64, blank=True)
    mails = models.SmallIntegerField(default=0)
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.email


class Founding(models.Model):
    """A business on its way, from its name to its first page; kept so that nothing is lost."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    business = models.ForeignKey(
        "tenants.Business", null=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64)
    location_name = models.CharField(max_length=120, default="", blank=True)
    location_city = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(
        max_length=8, choices=FoundingState.choices, default=FoundingState.DRAFT
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=[FoundingState.DRAFT, FoundingState.ASKED]),
                name="founding_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeptValue(models.Model):
    """A value that all processes share for a while: tries counted, codes that were used."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
