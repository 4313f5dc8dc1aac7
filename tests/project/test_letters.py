"""Which letters can be printed: what the fonts have, said before a document is set."""

import pathlib

import pytest
import typst

from conference.lib import letters
from conference.lib.typst import pdf, sides

NAMES = {
    "Japanese": "髙橋 結衣（タカハシ　ユイ）𠮷田 渡邉 齋藤 神谷",
    "Chinese": "王小明 李娜 陳建國 臺灣 张伟",
    "Korean": "김민준 박서연 金民俊",
    "Arabic": "ياسمين العلي",
    "Hebrew": "דוד כהן",
    "Armenian": "Արմեն Սարգսյան",
    "Georgian": "გიორგი ბერიძე",
    "Thai": "อนุชา ศรีสุวรรณ",
    "Devanagari": "अनिल कुमार",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Yoruba, composed of marks": "Ẹ̀kọ́ e\N{COMBINING ACUTE ACCENT}",
    "Kazakh": "Қазақстан Ұлы Ғалым",
    "old Greek": "ῥήτωρ Ἀθῆναι",
    "joiners and marks of direction": "a\N{ZERO WIDTH JOINER}b\N{RIGHT-TO-LEFT MARK}c 神\N{VARIATION SELECTOR-1}",
    "our own signs": "⇄ – · • … “ ” „ « » → ★ □",
}
BARE = """#let data = json(bytes(sys.inputs.data))
#set document(title: "t")
#set text(font: ("Plenary Sans", %s), fallback: false)
#data.text"""


@pytest.fixture
def template(tmp_path):
    """A template with the fonts of the programme, read from it, and nothing else."""
    programme = pathlib.Path(__file__).parents[2] / "templates/sessions/typst/programme.typ"
    (others,) = (line for line in programme.read_text().splitlines() if line.startswith("#let others"))
    path = tmp_path / "bare.typ"
    path.write_text(BARE % others.partition("(")[2].rstrip(")"))
    return path


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_guests_can_be_printed(template, name):
    """What is said to be there is there: the standard refuses a document with a letter that no font has."""
    assert letters.missing(name) == ""
    assert pdf(template, {"text": name}).startswith(b"%PDF-")


def test_what_no_font_has_becomes_a_box_and_is_named(template):
    text = "Party 🎉 𓀀 and 🎉"
    assert (letters.missing(text), letters.printable(text)) == ("🎉𓀀", "Party □ □ and □")
    assert pdf(template, {"text": text}) == pdf(template, {"text": letters.printable(text)})


def test_without_the_check_the_document_fails(template, monkeypatch):
    """The control: the same text as it was written fails as a whole."""
    monkeypatch.setattr("conference.lib.typst.printable", str)
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        pdf(template, {"text": "Party 🎉"})


def test_fonts_are_small_enough_to_carry():
    files = [path for path in letters.FONTS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000
    assert {path.name for path in files if path.suffix not in (".ttf", ".otf")} == {"README.md", "OFL.txt"}


def test_sheets_fold_in_order():
    assert sides(4) == [(4, 1), (2, 3)]
    assert sides(8) == [(8, 1), (2, 7), (6, 3), (4, 5)]
    with pytest.raises(ValueError, match="6 pages"):
        sides(6)
