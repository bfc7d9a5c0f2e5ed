"""Tables: each way of writing a file, streaming with limits, and an exact round trip."""

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import tables
from apps.core.tables import Dialect, TableError

TEXT = "name;city\nZoë;Köln\nAnn;Bonn\n"


def read(data: bytes, **limits: int) -> list[tuple[int, list[str]]]:
    return list(tables.read_rows(io.BytesIO(data), tables.sniff(data), **limits))


@pytest.mark.parametrize(
    ("encoding", "found", "is_guessed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8-sig", False),
        ("utf-16", "utf-16", False),
        ("utf-16-le", "utf-16-le", True),
        ("utf-16-be", "utf-16-be", True),
        ("cp1252", "cp1252", True),
        ("latin-1", "cp1252", True),
    ],
)
def test_sniff_and_read_every_encoding(encoding: str, found: str, *, is_guessed: bool) -> None:
    data = TEXT.encode(encoding)
    dialect = tables.sniff(data)
    assert dialect == Dialect(found, ";", "\n", is_guessed=is_guessed)
    assert read(data) == [(1, ["name", "city"]), (2, ["Zoë", "Köln"]), (3, ["Ann", "Bonn"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_sniff_delimiter_and_line_end(delimiter: str, line_end: str) -> None:
    rows = [["name", "note"], ["Ann", "a, b; c"], ["Bob", "two\nlines"], ["Cyd", 'says "hi"']]
    buffer = io.StringIO(newline="")
    csv.writer(
        buffer, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL
    ).writerows(rows)
    data = buffer.getvalue().encode()
    assert tables.sniff(data).delimiter == delimiter
    assert tables.sniff(data).line_end == line_end
    assert [cells for _line, cells in read(data)] == rows


def test_sniff_head_may_end_inside_a_letter() -> None:
    assert tables.sniff("a,b\nö".encode()[:-1]).encoding == "utf-8"


def test_sniff_a_single_column_is_a_table_too() -> None:
    assert read(b"email\na@b.com\nc@d.com\n") == [
        (1, ["email"]),
        (2, ["a@b.com"]),
        (3, ["c@d.com"]),
    ]


def test_read_rows_follows_the_hint_of_excel() -> None:
    assert read(b"sep=|\r\na|b,c\r\n1|2,3\r\n") == [(2, ["a", "b,c"]), (3, ["1", "2,3"])]


def test_read_rows_understands_backslashes() -> None:
    assert read(b'a,b\n"say \\"hi\\"",2\n')[1] == (2, ['say "hi"', "2"])


def test_read_rows_heals_a_stray_western_byte() -> None:
    data = b"name,city\n" + b"Ann,Bonn\n" * 9 + b"Zo\xeb,K\xc3\xb6ln\n"
    assert list(tables.read_rows(io.BytesIO(data), Dialect("utf-8", ",")))[-1] == (
        11,
        ["Zoë", "Köln"],
    )


def test_read_rows_pads_short_rows_and_keeps_full_surplus() -> None:
    data = b"a,b,c\n1\n\n , ,\n1,2,3,,\n1,2,3,4\n"
    assert read(data) == [
        (1, ["a", "b", "c"]),
        (2, ["1", "", ""]),
        (5, ["1", "2", "3"]),
        (6, ["1", "2", "3", "4"]),
    ]


def test_read_rows_numbers_the_line_on_which_a_row_begins() -> None:
    assert [line for line, _cells in read(b'a,b\n"1\n2\n3",x\n4,5\n')] == [1, 2, 5]


def test_read_rows_leaves_the_stream_open() -> None:
    stream = io.BytesIO(TEXT.encode())
    list(tables.read_rows(stream, Dialect("utf-8", ";")))
    assert not stream.closed


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty", "empty"),
        (b" \r\n\n", "empty", "empty"),
        (b"\xef\xbb\xbf\n", "empty", "empty"),
        (b",,\n,,\n", "empty", "empty"),
        (b"a,b\n", "only_header", "no rows"),
        (b"a,b\n\n,\n", "only_header", "no rows"),
        (b"PK\x03\x04rest", "workbook", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0rest", "workbook", "save it as CSV"),
        (b"%PDF-1.7", "binary", "not a text file"),
        (b"a,b\n1,\x00\n", "binary", "not a text file"),
        (b"\x00\x00\x00\x00", "binary", "not a text file"),
        (b"a,b\n" + b"1," * 300 + b"\n", "too_many_columns", "Line 2 has 301 columns"),
        (b"a,b\n1," + b"x" * 10_001 + b"\n", "cell_too_long", "line 2"),
        (b'a,b\n1,"' + b"x\n" * 6_000, "cell_too_long", "quotation mark"),
        (b'a,b\n1,"' + b"x\n" * 90_000, "cell_too_long", "quotation mark"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "quote_open", "begins in line 3"),
        (b'a,b\n1,"2', "quote_open", "line 2"),
        (b"a,b\n1," + b"x" * 1_000_001 + b"\n", "line_too_long", "Line 2"),
    ],
)
def test_what_is_no_table_is_told_in_words(data: bytes, code: str, word: str) -> None:
    with pytest.raises(TableError) as caught:
        read(data)
    assert caught.value.code == code
    assert word in caught.value.message


@pytest.mark.parametrize("end", [b'"Lee"', b'"Lee"\n', b'"L\ne"\n', b'"Lee" jr\n', b'5" nail'])
def test_quotes_that_are_closed_or_mean_nothing_are_no_fault(end: bytes) -> None:
    assert len(read(b"a,b\n1," + end)) == 2


def test_read_rows_late_nul_is_refused() -> None:
    with pytest.raises(TableError) as caught:
        list(tables.read_rows(io.BytesIO(b"a,b\n1,\x00\n"), Dialect("utf-8", ",")))
    assert caught.value.code == "binary"


class Endless(io.RawIOBase):
    """A file that is never held in memory as a whole."""

    def __init__(self, line: bytes, times: int) -> None:
        self.line, self.left = line, times

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self.left:
            return 0
        self.left -= 1
        buffer[: len(self.line)] = self.line
        return len(self.line)


def test_read_rows_streams() -> None:
    stream = io.BufferedReader(Endless(b"ann@example.com,Ann,12.50\n" * 100, 500))
    tracemalloc.start()
    count = sum(1 for _row in tables.read_rows(stream, Dialect("utf-8", ",")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("cell", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\0x", "'\0x"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠1", "'＠1"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'tis", "'tis"),
        ("5-3", "5-3"),
        ("", ""),
    ],
)
def test_guard_and_unguard(cell: str, guarded: str) -> None:
    assert tables.guard(cell) == guarded
    assert tables.unguard(guarded) == cell


@given(st.text(alphabet="'=+-@\t\r\0\uff1dab ", max_size=12))
def test_guard_round_trip_is_exact(cell: str) -> None:
    assert tables.unguard(tables.guard(cell)) == cell
    assert not tables.guard(cell).startswith(tuple("=+-@\t\r\0\uff1d"))


cells = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1, max_size=20
).filter(str.strip)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=6))
def test_write_and_read_is_an_exact_round_trip(rows: list[list[str]]) -> None:
    data = "".join(tables.write_csv(rows)).encode()
    read_back = tables.read_rows(io.BytesIO(data), Dialect("utf-8", ","))
    assert [[tables.unguard(cell) for cell in row] for _line, row in read_back] == rows


def test_write_csv_leaves_numbers_and_blanks_alone() -> None:
    assert list(tables.write_csv([["a", -5, None, 2.5, "x,y"]])) == ['a,-5,,2.5,"x,y"\r\n']
    assert next(tables.write_csv([], has_bom=True)) == "\ufeff"


def test_write_csv_streams() -> None:
    def endless() -> Iterator[list[str]]:
        while True:
            yield ["a", "=b"]

    lines = tables.write_csv(endless())
    assert [next(lines), next(lines)] == ["a,'=b\r\n", "a,'=b\r\n"]
