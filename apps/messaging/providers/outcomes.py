"""What an answer of a server means for the message, as a Result; the rules do the reading."""

from apps.messaging.providers.base import Result, Status
from apps.messaging.rules import Action, ErrorClass, Outcome, classify_smtp, classify_twilio

STATUSES = {
    Action.ACCEPTED: Status.ACCEPTED,
    Action.RETRY: Status.RETRY,
    Action.FAIL: Status.REJECTED,
    Action.UNCONFIRMED: Status.UNKNOWN,
}
INVALID = frozenset({ErrorClass.INVALID_ADDRESS, ErrorClass.INVALID_NUMBER, ErrorClass.LANDLINE})
PASSING = frozenset(
    {
        ErrorClass.MAILBOX_FULL,
        ErrorClass.UNREACHABLE,
        ErrorClass.THROTTLED,
        ErrorClass.TEMPORARY,
        ErrorClass.CONFIG,
        ErrorClass.AUTH,
    }
)
# An account that is refused is asked again in a minute, not in seconds.
ACCOUNT_RETRY_S = 60.0


def smtp_result(code: int, message: bytes) -> Result:
    """Read a server's answer to a command or to the content."""
    return result(classify_smtp(code, "", message.decode("utf-8", "replace")))


def twilio_failure(code: str) -> Result:
    """Read the error of a message that Twilio had taken; an unknown one is final."""
    return result(classify_twilio(int(code) if code.isdecimal() else None))


def twilio_result(code: int | None, http_status: int, retry_after_s: float | None) -> Result:
    """Read the answer to a create call that is not 201."""
    return result(classify_twilio(code, http_status), retry_after_s=retry_after_s)


def result(outcome: Outcome, *, retry_after_s: float | None = None) -> Result:
    """Put an outcome into the words of the protocol."""
    if outcome.stops_channel:
        # The message is not at fault: it waits until somebody has put the account right.
        return Result(
            status=Status.RETRY,
            code=outcome.code,
            error_class=outcome.error_class,
            retry_after_s=retry_after_s or ACCOUNT_RETRY_S,
            stops_channel=True,
        )
    status = STATUSES[outcome.action]
    failed = status is Status.REJECTED
    return Result(
        status=status,
        code=outcome.code,
        error_class=outcome.error_class,
        permanent=failed and outcome.error_class not in PASSING,
        retry_after_s=retry_after_s if status is Status.RETRY else None,
        opted_out=failed and outcome.error_class in (ErrorClass.OPTED_OUT, ErrorClass.BLOCKED),
        invalid_address=failed and outcome.error_class in INVALID,
    )
