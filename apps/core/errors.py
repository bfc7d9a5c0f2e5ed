"""Errors that people can act on, and the one kind of error that is worth another try."""

from collections.abc import Mapping


class AppError(Exception):
    """Something a person can put right; doors show ``message`` and machines read ``code``.

    ``field`` names the input it belongs to, ``data`` carries plain values for the caller.
    """

    code = "invalid"
    status = 422

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        data: Mapping[str, object] | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = str(message)
        if code is not None:
            self.code = code
        self.data = dict(data or {})
        self.field = field


class NotFoundError(AppError):
    """What was asked for is not there, or not for this caller; the two look the same."""

    code = "not_found"
    status = 404


class ForbiddenError(AppError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403


class ConflictError(AppError):
    """The thing has changed since it was read, or somebody was first."""

    code = "conflict"
    status = 409


class TransientError(Exception):
    """A failure that may heal by itself: the only one a job tries again."""
