"""CSV for spreadsheets: Excel reads the names, and no cell is a formula, even a hidden one."""

import csv
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import steward
from steward.store.export.export import CsvRows, harmless

UNSEEN = ["", " ", "\t", "\r", "\n", "\ufeff", "\u200b", "\u200e", "\u2060", "\u00ad", "\u00a0", "\u3000", "\u3164"]


def test_a_file_begins_with_a_byte_order_mark_for_excel():
    rows = CsvRows(["name"])
    content = rows.header() + rows.row({"name": "Łukasz 🐧 主婦"})
    assert content == b"\xef\xbb\xbfname\r\n" + "Łukasz 🐧 主婦\r\n".encode()


@pytest.mark.parametrize("hidden", UNSEEN, ids=lambda text: text.encode("unicode_escape").decode() or "plain")
@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b")
def test_a_formula_is_escaped_despite_invisible_characters_before_its_sign(hidden, sign):
    name = f"{hidden}{sign}1+1"
    assert harmless(name) == f"'{name}"


@pytest.mark.parametrize("name", ["ada", "1+1", "a=b", "", " ada", "\u200bada", "ada@home", "主婦", "'=1", "…"])
def test_an_ordinary_name_is_unchanged(name):
    assert harmless(name) == name


@pytest.mark.parametrize("value", [-5, 0, None, 1.5])
def test_a_number_is_unchanged(value):
    assert harmless(value) is value


@given(st.text())
def test_no_name_is_a_formula_and_every_name_can_be_read_back(name):
    rows = CsvRows(["name"])
    content = (rows.header() + rows.row({"name": name})).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content, newline=""))
    assert row["name"] in (name, f"'{name}")
    seen = [char for char in row["name"] if unicodedata.category(char)[0] not in "CMZ"]
    assert not seen or unicodedata.normalize("NFKC", seen[0])[0] not in "=+-@"


def test_csv_is_written_in_one_place():
    """But for the games of the demo, which nobody opens in a spreadsheet."""
    sources = (path for path in Path(steward.__file__).parent.rglob("*.py") if "demo" not in path.parts)
    assert [path.name for path in sources if re.search(r"csv\.(writer|DictWriter)\b", path.read_text())] == [
        "export.py"
    ]
