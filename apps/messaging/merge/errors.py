"""What is wrong with a template, and where."""

from dataclasses import dataclass

from apps.core.errors import AppError


@dataclass(frozen=True)
class Position:
    """A place in a template, both counted from one."""

    line: int
    column: int


class TemplateInvalid(AppError):
    """A template cannot be used; names the merge field and the place where that is known."""

    code = "template_invalid"

    def __init__(
        self,
        message: str,
        *,
        code: str,
        merge_field: str | None = None,
        position: Position | None = None,
    ) -> None:
        place = {"line": position.line, "column": position.column} if position else {}
        super().__init__(message, code=code, data={"merge_field": merge_field, **place})
        self.merge_field = merge_field
        self.position = position
