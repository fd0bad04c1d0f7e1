"""docs/feeds.md against the code: the columns of a file, its bookmakers and the leagues are those that are read."""

import re
from pathlib import Path

from steward.bots.bets.feeds.csv_files import COLUMNS, NAMES
from steward.bots.bets.fixtures.leagues import CATALOGUE, CSV

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "feeds.md").read_text()
ALONE = {"Div", "Country", "League", "Date", "Time", "HTHG", "HTAG"}
OF_BOOKMAKERS = [market for market in COLUMNS if "close" not in market.books]  # the others are of season archives


def rows(first_cell):
    """The code spans in each cell of the rows of a table."""
    table = PAGE.partition(f"\n| {first_cell} |")[2].partition("\n\n")[0]
    return [[re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]]


def test_each_column_that_the_page_names_is_read():
    teams_and_goals = {name for names in NAMES.values() for name in names}
    odds = {name.format(book) for one in OF_BOOKMAKERS for name in one.selections.values() for book in one.books}
    lines = {one.line for one in OF_BOOKMAKERS if isinstance(one.line, str)}
    shown = {column for told, other, _ in rows("column") for column in (*told, *other)}
    assert shown <= ALONE | teams_and_goals | odds | lines
    assert ALONE | teams_and_goals <= shown


def test_bookmakers_stand_in_the_order_in_which_they_count():
    shown = [books for _, books in rows("market")]
    asian = [one for one in OF_BOOKMAKERS if one.market == "asian_handicap"]
    assert shown[2] == [name for one in asian for name in (*one.books, one.line)]
    assert shown[:2] == [list(one.books) for one in OF_BOOKMAKERS if one not in asian]


def test_each_league_stands_there_with_its_code():
    shown = dict.fromkeys(CATALOGUE, "")
    for _, keys, codes in rows("league"):
        assert set(keys) <= CATALOGUE.keys()
        shown.update(zip(keys, codes or [""] * len(keys), strict=True))
    assert {key for _, keys, _ in rows("league") for key in keys} == CATALOGUE.keys()
    assert shown == {key: league.refs.get(CSV, "") for key, league in CATALOGUE.items()}
