"""Opening a file that people say is a table: CSV in UTF-8 or GB 18030, or XLSX. What is neither gets a clear sentence."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.errors import DomainError

MAX_BYTES = 50 * 1024 * 1024
MAX_UNZIPPED = 400 * 1024 * 1024  # a workbook that unpacks to more than this is no list of repair orders
MAX_ROWS = 200_000


@dataclass(frozen=True)
class Table:
    """`rows` are (row number in the file, {column: text}); empty rows are left out."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read_table(data: bytes) -> Table:
    """The table in a file's bytes. DomainError when it is empty, too large, or neither CSV nor XLSX."""
    if not data.strip():
        raise DomainError(_("The file is empty."), code="empty")
    if len(data) > MAX_BYTES:
        raise DomainError(_("The file is larger than 50 MB; split it."), code="too_large")
    lines = _workbook(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    return _table(lines)


def _workbook(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNZIPPED:
                raise DomainError(_("The workbook unpacks to more than we can read; save it as CSV."), code="too_large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [[_cell(value) for value in row] for row in _limited(book.worksheets[0].iter_rows(values_only=True))]
    except DomainError:
        raise
    except Exception as error:
        # openpyxl raises whatever the XML inside happens to break; to the person it is one thing.
        raise DomainError(_("This file is not an Excel workbook we can read."), code="not_a_table") from error
    return iter(rows)


def _cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decode(data)
    try:
        # Only the delimiter is guessed: quotes inside quotes are doubled, whatever the sample looks like.
        delimiter = csv.Sniffer().sniff(text[:4000], delimiters=",;\t|").delimiter
    except csv.Error:
        delimiter = ","
    try:
        return iter(list(_limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))))
    except csv.Error as error:
        raise DomainError(_("This file is not a CSV table we can read."), code="not_a_table") from error


def _decode(data: bytes) -> str:
    if b"\x00" in data[:4000]:
        raise DomainError(_("This is not a table. Give a CSV file or an Excel workbook (.xlsx)."), code="not_a_table")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError(_("The text of this file is neither UTF-8 nor GB 18030."), code="not_a_table")


def _limited(rows) -> Iterator:
    for number, row in enumerate(rows):
        if number > MAX_ROWS:
            raise DomainError(_("The file has more than 200,000 rows; split it."), code="too_large")
        yield row


def _table(lines: Iterator[list[str]]) -> Table:
    header = next((line for line in lines if any(cell.strip() for cell in line)), None)
    if header is None or len([cell for cell in header if cell.strip()]) < 2:
        raise DomainError(_("The first row must name the columns; this file has none."), code="not_a_table")
    columns = [cell.strip() for cell in header]
    if len(set(filter(None, columns))) != len(list(filter(None, columns))):
        raise DomainError(_("Two columns have the same name; rename one."), code="not_a_table")
    rows = []
    for number, line in enumerate(lines, start=2):
        row = {name: cell.strip() for name, cell in zip(columns, line, strict=False) if name}
        if any(row.values()):
            rows.append((number, row))
    return Table([name for name in columns if name], rows)
