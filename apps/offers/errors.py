"""What can stand in the way of an offer, each with a stable code."""

from apps.core.errors import AppError, ConflictError, ForbiddenError, NotFoundError


class CodeUnknown(NotFoundError):
    """No offer has this code."""

    code = "code_unknown"
    status = 422


class CodeMistyped(AppError):
    """The code cannot be one of ours."""

    code = "code_mistyped"


class OfferUsed(ConflictError):
    """Somebody has used it already."""

    code = "offer_used"


class OfferExpired(ConflictError):
    """It ran out."""

    code = "offer_expired"


class OfferRevoked(ConflictError):
    """It was taken back."""

    code = "offer_revoked"


class OfferNotIssued(ConflictError):
    """It still waits for somebody to allow it."""

    code = "offer_not_issued"


class AboveLimit(ForbiddenError):
    """It is worth more than this person may allow."""

    code = "above_limit"
    status = 422


class ApologyMissing(AppError):
    """An offer does not go out before somebody has said sorry."""

    code = "apology_missing"
