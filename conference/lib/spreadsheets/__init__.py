"""Spreadsheets: CSV and XLSX files of strangers read row by row within limits, and files written so that no cell is run as a formula."""

from conference.lib.spreadsheets.headings import Column, Headings, find_headings
from conference.lib.spreadsheets.rows import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_EMPTY_ROWS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    Row,
    Unreadable,
)
from conference.lib.spreadsheets.tables import Table, open_table
from conference.lib.spreadsheets.writing import csv_lines, guarded, to_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_EMPTY_ROWS",
    "MAX_ROWS",
    "MAX_UNPACKED_BYTES",
    "Column",
    "Headings",
    "Row",
    "Table",
    "Unreadable",
    "csv_lines",
    "find_headings",
    "guarded",
    "open_table",
    "to_csv",
    "write_xlsx",
]
