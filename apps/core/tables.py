"""Delimited files as shops export them: told apart, read in a stream, and written safely."""

import codecs
import csv
import io
import re
import statistics
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from apps.core.errors import AppError

MAX_COLUMNS = 200
MAX_CELL = 10_000
_MAX_LINE = 1_000_000
_SAMPLE_ROWS = 50
_DELIMITERS = ",;\t|"
_FALLBACK = "cp1252"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BINARIES = (b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"7z\xbc\xaf", b"Rar!")
_SHARE_OF_NULS = 0.3
_DOUBLED = re.compile(r'[^,;\t|\r\n\\"]""[^,;\t|\r\n]')


class TableError(AppError):
    """A file cannot be read as a table; the message says what to do."""

    code = "table_invalid"


@dataclass(frozen=True)
class Dialect:
    """How a file is written. ``is_guessed`` warns that its letters were not marked as UTF-8."""

    encoding: str
    delimiter: str
    line_end: str = "\n"
    escape: str | None = None
    has_hint: bool = False
    is_guessed: bool = False


def _decode_as_western(error: UnicodeError) -> tuple[str, int]:
    """Decode stray bytes in a UTF-8 file as Windows would: old exports mix the two."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode(_FALLBACK, errors="replace"), error.end


codecs.register_error("western", _decode_as_western)


def sniff(head: bytes) -> Dialect:
    """Tell how a file is written from its first bytes (64 kB are plenty).

    Raises TableError for an empty file, a workbook, and what is no text at all.
    """
    if not head.strip():
        raise TableError(_("The file is empty."), code="empty")
    if head.startswith(_WORKBOOKS):
        raise TableError(
            _("This looks like an Excel workbook; save it as CSV and upload that file."),
            code="workbook",
        )
    encoding, is_guessed = _find_encoding(head)
    text = head.decode(encoding, errors="ignore" if encoding.startswith("utf-16") else "western")
    if not text.strip("\ufeff \r\n\t"):
        raise TableError(_("The file is empty."), code="empty")
    hint = re.match(r"\ufeff?sep=(.)\r?\n", text)
    line_end = re.search(r"\r\n|\r|\n", text)
    escape = "\\" if '\\"' in text and not _DOUBLED.search(text) else None
    return Dialect(
        encoding=encoding,
        delimiter=hint.group(1) if hint else _find_delimiter(text, escape),
        line_end=line_end.group() if line_end else "\n",
        escape=escape,
        has_hint=bool(hint),
        is_guessed=is_guessed,
    )


def _find_encoding(head: bytes) -> tuple[str, bool]:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, False
    if b"\0" in head:
        return _find_unmarked_utf16(head), True
    if head.startswith(_BINARIES):
        raise _no_text()
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return _FALLBACK, True
    return "utf-8", False


def _find_unmarked_utf16(head: bytes) -> str:
    """Return the byte order of UTF-16 without a mark: every second byte of plain text is zero."""
    pairs = max(len(head) // 2, 1)
    for encoding, zeros, others in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if zeros.count(0) / pairs > _SHARE_OF_NULS and not others.count(0):
            return encoding
    raise _no_text()


def _no_text() -> TableError:
    return TableError(
        _("This is not a text file; export the table as CSV and upload that file."), code="binary"
    )


def _find_delimiter(text: str, escape: str | None) -> str:
    lines = io.StringIO(text, newline="")
    best, best_score = ",", (0.0, 0.0)
    for delimiter in _DELIMITERS:
        lines.seek(0)
        widths = _measure(csv.reader(lines, delimiter=delimiter, escapechar=escape))
        if not widths or max(widths) < len("ab"):
            continue
        middle = statistics.median(widths)
        score = (sum(width == middle for width in widths) / len(widths), middle)
        if middle > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _measure(reader: Iterator[list[str]]) -> list[int]:
    widths: list[int] = []
    try:
        for row in reader:
            if row:
                widths.append(len(row))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    # The last row may be cut off where the sample ends.
    return widths[:-1] if len(widths) > len("ab") else widths


def read_rows(
    stream: BinaryIO,
    dialect: Dialect,
    *,
    max_columns: int = MAX_COLUMNS,
    max_cell: int = MAX_CELL,
) -> Generator[tuple[int, list[str]], None, None]:
    """Yield each row that is not blank with its line number, the heading first.

    Short rows are filled up to the heading; a row stays longer than the heading only when its
    surplus cells hold something. Raises TableError, in the end also when no row follows the
    heading. The stream is left open.
    """
    errors = "replace" if dialect.encoding.startswith("utf-16") else "western"
    text = io.TextIOWrapper(stream, encoding=dialect.encoding, errors=errors, newline="")
    try:
        yield from _read_text(text, dialect, max_columns, max_cell)
    finally:
        text.detach()


def _read_text(
    text: io.TextIOWrapper, dialect: Dialect, max_columns: int, max_cell: int
) -> Iterator[tuple[int, list[str]]]:
    lines = _bounded_lines(text)
    if dialect.has_hint:
        next(lines, None)
    heard = _Heard(lines)
    reader = csv.reader(heard, delimiter=dialect.delimiter, escapechar=dialect.escape)
    skipped = int(dialect.has_hint)
    width = rows = 0
    line = 1 + skipped
    while True:
        heard.lines.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _cell_too_long(line, max_cell) from error
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            _check_cells(cells, line, max_columns, max_cell)
            if heard.is_over:
                _check_closed(heard.lines, dialect, line)
            width = width or len(cells)
            rows += 1
            yield line, _fit(cells, width)
        line = reader.line_num + 1 + skipped
    if rows <= 1:
        raise TableError(
            _("The file has a heading but no rows.") if rows else _("The file is empty."),
            code="only_header" if rows else "empty",
        )


class _Heard:
    """Passes lines on and remembers those of the row at hand."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._source = lines
        self.lines: list[str] = []
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._source)
        except StopIteration:
            self.is_over = True
            raise
        self.lines.append(line)
        return line


def _check_closed(lines: list[str], dialect: Dialect, line: int) -> None:
    """Refuse a last row that ends inside a quoted cell: it has swallowed the rows after it."""
    reader = csv.reader(lines, delimiter=dialect.delimiter, escapechar=dialect.escape, strict=True)
    try:
        list(reader)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise TableError(
                _(
                    "A cell that begins in line %(line)d opens a quotation mark that is never "
                    "closed."
                )
                % {"line": line},
                code="quote_open",
            ) from error


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(_MAX_LINE + 1):
        number += 1
        if len(line) > _MAX_LINE:
            raise TableError(
                _("Line %(line)d is too long to be a row of a table.") % {"line": number},
                code="line_too_long",
            )
        yield line.removeprefix("\ufeff") if number == 1 else line


def _check_cells(cells: list[str], line: int, max_columns: int, max_cell: int) -> None:
    if len(cells) > max_columns:
        raise TableError(
            _("Line %(line)d has %(columns)d columns; at most %(most)d can be read.")
            % {"line": line, "columns": len(cells), "most": max_columns},
            code="too_many_columns",
        )
    for cell in cells:
        if len(cell) > max_cell:
            raise _cell_too_long(line, max_cell)
        if "\0" in cell:
            raise _no_text()


def _cell_too_long(line: int, max_cell: int) -> TableError:
    return TableError(
        _(
            "A cell that begins in line %(line)d is longer than %(most)d characters; perhaps a "
            "quotation mark is not closed."
        )
        % {"line": line, "most": max_cell},
        code="cell_too_long",
    )


def _fit(cells: list[str], width: int) -> list[str]:
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells + [""] * (width - len(cells))


_DANGEROUS = "=+\\-@\t\r\0\uff1d\uff0b\uff0d\uff20"  # also the full-width forms
_TO_GUARD = re.compile(f"'*[{_DANGEROUS}]")
_GUARDED = re.compile(f"'+[{_DANGEROUS}]")


def guard(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet takes it for a formula: an apostrophe goes first."""
    return f"'{cell}" if _TO_GUARD.match(cell) else cell


def unguard(cell: str) -> str:
    """Remove exactly the apostrophe that ``guard`` sets."""
    return cell[1:] if _GUARDED.match(cell) else cell


def write_csv(rows: Iterable[Sequence[object]], *, has_bom: bool = False) -> Iterator[str]:
    """Yield the lines of a CSV file; texts are guarded, numbers are left as they are.

    ``has_bom`` helps Excel to recognise UTF-8.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if has_bom:
        yield "\ufeff"
    for row in rows:
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
