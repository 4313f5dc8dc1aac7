"""Files of strangers: read within limits whatever their encoding, refused when broken or hostile; and cells no program runs."""

import csv
import datetime as dt
import io
import re
import time
import zipfile

import openpyxl
import pytest

from conference.lib.spreadsheets import Row, Unreadable, csv_text, guarded, open_table, rows, to_csv, write_xlsx

TEXT = "Name;Größe\nŁukasz;1\n"


def workbook(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(data, sheet=""):
    return list(open_table(io.BytesIO(data), sheet).rows)


def notes(data):
    table = open_table(io.BytesIO(data))
    list(table.rows)
    return table.notes


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
    day = dt.datetime(1980, 4, 25)
    first, second = read(workbook(["A", 1.0, 2.5, True, None, day], [None], ["=1+1", "Łódź", dt.datetime(1980, 4, 25, 9, 30)]))
    assert first == Row(1, ["A", "1", "2.5", "True", "", "1980-04-25"])
    assert (second.number, second.cells) == (3, ["", "Łódź", "1980-04-25T09:30:00"])


def computed(formula, value, kind="", *, heading="Name"):
    """A workbook whose second row holds a formula, with what a program computed (None: nothing)."""
    data = workbook([heading], ["=1+1"])
    part = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    shown = f"<v>{value}</v>" if value else "<v/>"
    cell = f'<c r="A2"{kind}><f>{formula}</f>{shown}</c>'
    part = re.sub(r'<c r="A2".*?</c>', cell, part)
    return rezipped(data, "xl/worksheets/sheet1.xml", part)


def test_formula_gives_the_value_a_program_computed():
    assert read(computed("1+1", "2"))[1] == Row(2, ["2"])
    assert read(computed("A1", "Łódź", ' t="str"'))[1] == Row(2, ["Łódź"])


def test_formula_without_a_value_is_said():
    [_heading, row] = read(computed("1+1", None))
    assert row.cells == []
    assert row.faults[0].startswith("The cell holds a formula without a value.")


def test_error_of_a_formula_is_said():
    [_heading, row] = read(computed("1/0", "#DIV/0!", ' t="e"'))
    assert row.faults == {0: "The cell shows the error #DIV/0!."}


def test_cells_merged_downwards_hold_their_value_in_each_row():
    book = openpyxl.Workbook()
    for line in (["Service", "Name"], ["Hungary", "Anna"], [None, "Béla"], [None, "Cili"], ["Spain", "Ana"]):
        book.active.append(line)
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("C1:E1")
    data = saved(book)
    assert [row.cells for row in read(data)[1:]] == [["Hungary", "Anna"], ["Hungary", "Béla"], ["Hungary", "Cili"], ["Spain", "Ana"]]
    assert notes(data) == ["Merged cells were read as if each of them held the value."]


def test_hidden_sheets_are_not_read_and_any_other_can_be_chosen():
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "Old", "hidden"
    book.active.append(["hidden"])
    for name in ("Delegations", "People"):
        book.create_sheet(name).append([name])
    data = saved(book)
    table = open_table(io.BytesIO(data))
    assert (table.sheet, table.sheets, table.notes) == ("Delegations", ["Delegations", "People"], ["Hidden sheets were not read."])
    assert read(data, "People") == [Row(1, ["People"])]
    assert read(data, "Old") == [Row(1, ["Delegations"])]


def test_a_million_empty_rows_end_the_reading():
    empty = "".join(f'<row r="{number}" spans="1:3" ht="15"/>' for number in range(3, 400_003))
    part = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row><row r="2"><c r="A2"><v>5</v></c></row>'
        f'{empty}<row r="1048576"><c r="A1048576"><v>7</v></c></row></sheetData></worksheet>'
    )
    data = rezipped(workbook(["x"]), "xl/worksheets/sheet1.xml", part)
    start = time.process_time()
    assert read(data) == [Row(1, ["Name"]), Row(2, ["5"])]
    assert time.process_time() - start < 5
    assert notes(data) == ["Reading stopped at row 1003, after more than 1000 empty rows."]
    assert notes(b"Name\n5\n" + b"\n" * 1_000_000) == notes(data)


def test_old_encoding_is_said():
    [note] = notes("Name;Größe\nMüller;1".encode("cp1252"))
    assert "read as Windows-1252" in note
    assert notes(TEXT.encode()) == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding):
    assert read(("Name;Size;Place of birth\n" + "Łukasz;1;Gdańsk\n" * 20).encode(encoding))[1].cells == ["Łukasz", "1", "Gdańsk"]


def test_reading_given_up_after_its_file_was_closed_ends_quietly():
    file, notes = io.BytesIO(b"a;b\n1;2\n3;4\n"), []
    reading = csv_text.read_csv(file, notes)
    next(reading)
    file.close()
    reading.close()


def test_delimiter_below_a_title_with_commas():
    data = "Participants, as of May\n\nName;Function\nNagy, Ádám;Analyst, senior, team 3\nKovács, Anna;Expert\n"
    assert [row.cells for row in read(data.encode())][1:] == [
        ["Name", "Function"],
        ["Nagy, Ádám", "Analyst, senior, team 3"],
        ["Kovács, Anna", "Expert"],
    ]


def test_file_of_another_program_is_named():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(Unreadable, match="OpenDocument"):
        read(file.getvalue())
    with pytest.raises(Unreadable, match="before 2007"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more")


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
    monkeypatch.setattr(rows, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(Unreadable, match="once unpacked"):
        read(rezipped(workbook(["A"]), "xl/styles.xml", b" " * 10_001))


def test_200_megabytes_in_a_small_zip():
    bomb = rezipped(workbook(["A"]), "xl/worksheets/sheet1.xml", b" " * 200 * 1024**2)
    assert len(bomb) < 300_000
    with pytest.raises(Unreadable, match="once unpacked"):
        read(bomb)


def test_limits(monkeypatch):
    with pytest.raises(Unreadable, match="at most 10 MB"):
        read(b"a" * (rows.MAX_BYTES + 1))
    assert rows.MAX_ROWS == 20_000
    monkeypatch.setattr(rows, "MAX_ROWS", 2000)
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
    written = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert written == [["Name", "Größe"], ['Łukasz; "x"\nline', ""], ["'=1", "5"]]


def test_written_xlsx_holds_text_only():
    file = io.BytesIO()
    write_xlsx([["Name", "Größe"], ["=1+1", 5], ["\t@a", "bell\x07"], ["Łukasz", None]], file, title="A [list]: of/people")
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active
    assert sheet.title == "A list ofpeople"
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} == {"s"}
    assert [[cell.value for cell in line] for line in sheet.iter_rows()][1:] == [["'=1+1", "5"], ["'\t@a", "bell"], ["Łukasz", None]]
