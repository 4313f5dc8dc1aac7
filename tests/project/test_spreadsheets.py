"""Files of strangers: read within limits whatever their encoding, refused when broken or hostile; and cells no program runs."""

import csv
import io
import zipfile

import openpyxl
import pytest

from conference.lib import spreadsheets
from conference.lib.spreadsheets import Row, Unreadable, guarded, read, to_csv

TEXT = "Name;Größe\nŁukasz;1\n"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rezipped(data, name, content):
    """The same workbook with one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_every_unicode_encoding(encoding):
    assert read(TEXT.encode(encoding)) == [Row(1, ["Name", "Größe"]), Row(2, ["Łukasz", "1"])]


def test_csv_of_an_old_program():
    assert read("Name;Größe\nMüller – Œuvre;1".encode("cp1252"))[1].cells == ["Müller – Œuvre", "1"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_with_every_usual_delimiter(delimiter):
    assert read(f'A{delimiter}"B{delimiter}b"{delimiter}C\n1{delimiter}2{delimiter}3'.encode()) == [
        Row(1, ["A", f"B{delimiter}b", "C"]),
        Row(2, ["1", "2", "3"]),
    ]


def test_csv_with_the_delimiter_named_on_top_quotes_line_breaks_and_empty_rows():
    data = b'sep=;\r\nA;B\r\n\r\n"two\r\nlines";" x "\r\n;;\r\n'
    assert read(data) == [Row(1, ["A", "B"]), Row(3, ["two\r\nlines", "x"])]


def test_xlsx_as_a_person_sees_it():
    rows = read(workbook(["A", 1.0, 2.5, True, None], [None], ["=1+1", "Łódź"]))
    assert rows[0] == Row(1, ["A", "1", "2.5", "True"])
    assert rows[1] == Row(3, ["", "Łódź"])  # a formula nobody computed has no value


@pytest.mark.parametrize(
    "data",
    [
        b"PK",
        b"PK\x03\x04" + b"\x00" * 100,
        workbook(["A"])[:-200],
        rezipped(workbook(["A"]), "xl/worksheets/sheet1.xml", b"<not xml"),
        rezipped(workbook(["A"]), "xl/workbook.xml", b""),
        b"%PDF-1.4\x00\x01",
        b"\x89PNG\r\n\x1a\n\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # a workbook of before 2007
        b"\xff\xfe\x00",
        b'"' + b"a" * 200_000,
    ],
)
def test_file_that_is_no_spreadsheet(data):
    with pytest.raises(Unreadable):
        read(data)


def test_workbook_that_expands_entities():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    with pytest.raises(Unreadable):
        read(rezipped(workbook(["A"]), "xl/worksheets/sheet1.xml", bomb))


def test_workbook_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(Unreadable, match="once unpacked"):
        read(rezipped(workbook(["A"]), "xl/styles.xml", b" " * 10_001))


def test_limits():
    with pytest.raises(Unreadable, match="at most 1 MB"):
        read(b"a" * (spreadsheets.MAX_BYTES + 1))
    for data in (b"a\n" * 2001, workbook(*[["a"]] * 2001)):
        with pytest.raises(Unreadable, match="at most 2000"):
            read(data)
    assert len(read(b"a\n" * 2000)) == 2000
    for data in (b";".join([b"a"] * 61), b"a" * 2001):
        with pytest.raises(Unreadable, match="too many columns or too long"):
            read(data)


@pytest.mark.parametrize("data", [b"", b"\n\n", b";;;\n", "\ufeff".encode(), workbook(), workbook([None, ""])])
def test_empty_file(data):
    with pytest.raises(Unreadable, match="empty"):
        read(data)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        "\u00a0=1",
        "\ufeff=1",
        "\t",
        "\u200b=1",
    ],
)
def test_cell_a_program_could_run_is_disarmed(cell):
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a", "1", "a=b", "O'Neil", "Jean-Paul", "a@example.org", "TLP:RED", "25–26 April"])
def test_ordinary_cell_stays_as_it_is(cell):
    assert guarded(cell) == cell


def test_written_csv_is_read_back_and_says_it_is_utf_8():
    data = to_csv([["Name", "Größe"], ['Łukasz; "x"\nline', None], ["=1", 5]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["Name", "Größe"], ['Łukasz; "x"\nline', ""], ["'=1", "5"]]
