"""Files as football-data.co.uk has them, and the layout of real seasons, read by their header."""

import csv
import gzip
import os
import re
from datetime import UTC, datetime
from itertools import count, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.feeds.csv_files import CsvFiles, read_lines, read_text
from steward.bots.bets.feeds.provider import CallKind
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.odds.probability import is_plausible
from steward.errors import NotReady
from steward.store import from_millis, to_millis
from tests.bots.bets.seasons import rows

OLD = """Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HTR,\
B365H,B365D,B365A,PSH,PSD,PSA,BbAv>2.5,BbAv<2.5,BbAHh,BbAvAHH,BbAvAHA
E0,16/08/25,Arsenal,Crystal Palace,2,1,H,1,1,D,1.25,6.5,15,1.26,6.45,14.01,1.72,2.1,-1.5,1.78,2.1
E0,17/08/25,QPR,Hull,0,1,A,0,0,D,2.5,3.3,3.1,,,,2.36,1.58,0,1.73,2.14
,,,,,,,,,,,,,,,,,,,,
"""
NEW = """Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,AvgH,AvgD,AvgA,Avg>2.5,Avg<2.5,\
AHh,PAHH,PAHA,PSCH,PSCD,PSCA,PC>2.5,PC<2.5,AHCh,PCAHH,PCAHA
E0,11/08/2025,20:00,Burnley,Man City,0,3,A,8,5.5,1.33,9.02,5.35,1.35,1.66,2.2,\
1.5,1.99,1.91,8.6,5.44,1.37,1.65,2.3,1.25,2.01,1.9
E0,17/01/2026,15:00,Arsenal,Chelsea,,,,1.9,3.6,4.2,1.88,3.58,4.1,1.8,2.05,-0.5,1.9,2.02
"""
EXTRA = """Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PH,PD,PA
Brazil,Serie A,2026,18/01/2026,23:30,Flamengo,Gr\u00eamio,,,,1.8,3.5,4.6
"""


def told(text, **more):
    return read_lines(csv.DictReader(text.splitlines(), restval=""), **more)


def prices(fixture, which="markets"):
    return {
        (market.market, price.selection): (price.odds.text, price.line)
        for market in getattr(fixture, which)
        for price in market.prices
    }


def write(folder, name, text, encoding="utf-8"):
    raw = text.encode(encoding)
    (folder / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    os.utime(folder / name, (0, next(MOMENTS)))


MOMENTS = count(1_000_000_000)


def test_the_old_layout_has_dates_of_two_digits_and_no_times():
    answer = told(OLD)["epl"]
    first, second = answer.fixtures
    assert first.starts_ms == to_millis(datetime(2025, 8, 15, 23, tzinfo=UTC)), "midnight, British time"
    assert first.result.result == GameResult(regulation=(2, 1), periods={"h1": (1, 1)})
    assert prices(first) == {
        ("1x2", "home"): ("1.26", None),
        ("1x2", "draw"): ("6.45", None),
        ("1x2", "away"): ("14.01", None),
        ("total", "over"): ("1.72", 10),
        ("total", "under"): ("2.1", 10),
        ("asian_handicap", "home"): ("1.78", -6),
        ("asian_handicap", "away"): ("2.1", 6),
    }
    assert prices(second)["1x2", "home"] == ("2.5", None), "where Pinnacle has none, the next one counts"
    assert first.closing == (), "it has no prices at the start"
    assert answer.skipped == 0


def test_the_new_layout_has_times_and_closing_prices():
    over, ahead = told(NEW)["epl"].fixtures
    assert over.starts_ms == to_millis(datetime(2025, 8, 11, 19, tzinfo=UTC)), "British summer time"
    assert prices(over)["1x2", "home"] == ("8.6", None)
    assert prices(over)["asian_handicap", "away"] == ("1.9", -5)
    assert prices(over, "closing") == prices(over), "once it is over, those at the start alone"
    assert ahead.closing == ()
    assert (ahead.status, ahead.result, ahead.starts_ms) == (
        "NS",
        None,
        to_millis(datetime(2026, 1, 17, 15, tzinfo=UTC)),
    )
    assert prices(ahead)["1x2", "home"] == ("1.88", None)
    assert prices(ahead)["asian_handicap", "home"] == ("1.9", -2)


def test_leagues_that_nobody_knows_are_called_as_the_file_does():
    ((key, answer),) = told(EXTRA).items()
    assert key == "csv-brazil-serie-a"
    (one,) = answer.fixtures
    assert (one.home, one.away, prices(one)["1x2", "draw"]) == ("Flamengo", "Gr\u00eamio", ("3.5", None))


def test_a_date_alone_locks_at_its_beginning():
    (one,) = told("Div,Date,HomeTeam,AwayTeam\nE0,18/01/26,Arsenal,Chelsea\n")["epl"].fixtures
    assert (one.status, one.starts_ms) == ("TBD", to_millis(datetime(2026, 1, 18, tzinfo=UTC)))


def test_the_same_game_in_two_files_is_one_and_its_result_counts():
    ahead = NEW.replace("11/08/2025,20:00,Burnley,Man City,0,3,A", "11/08/2025,20:00,Burnley,Man City,,,")
    for text in (NEW + ahead.partition("\n")[2], ahead + NEW.partition("\n")[2]):
        first, _ = told(text)["epl"].fixtures
        assert first.result.result.regulation == (0, 3)


def test_an_id_is_made_of_the_day_and_the_teams_whatever_the_order_of_lines():
    header, *lines = NEW.splitlines()
    again = lines[0].replace("11/08/2025", "03/03/2026")
    at_midnight = lines[1].replace("15:00", "")
    found = {
        tuple(sorted((one.ref, one.starts_ms) for one in told("\n".join((header, *some)))["epl"].fixtures))
        for some in permutations((*lines, again, at_midnight))
    }
    assert len(found) == 1
    assert len(*found) == 3
    alone = told(f"{header}\n{again}")["epl"].fixtures
    assert {one.ref for one in alone} < {ref for ref, _ in next(iter(found))}


def test_two_may_meet_twice_in_a_season():
    again = NEW.partition("\n")[2].replace("11/08/2025", "03/03/2026")
    answer = told(NEW + again)["epl"]
    assert len({one.ref for one in answer.fixtures}) == 3


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_any_encoding_is_read(mark, encoding):
    assert read_text(mark + "Div,Köln".encode(encoding)) == "Div,Köln"


@given(st.binary(max_size=300))
def test_no_file_is_too_broken_to_be_read(raw):
    header = b"Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,PSH,PSD,PSA,AHh,PAHH,PAHA\n"
    told(read_text(header + raw))
    told(read_text(raw))


CELLS = st.lists(st.text(alphabet="0123456789.-/:eE0nanif ", max_size=12), min_size=11, max_size=11)


@given(CELLS)
def test_no_cell_is_too_broken_to_be_left_out(cells):
    header = "Div,HomeTeam,Date,Time,AwayTeam,FTHG,FTAG,PSH,PSD,PSA,AHh,PAHH,PAHA"
    date, clock, *rest = cells
    told(f"{header}\nE0,Arsenal,{date},{clock},Chelsea,{','.join(rest)}")
    told(f"{header}\nE0,Arsenal,17/01/2026,15:00,Chelsea,{','.join(cells)}")


async def test_a_folder_is_read_again_when_a_file_in_it_changes(clock, tmp_path):
    files = CsvFiles(tmp_path, clock)
    assert await files.leagues() == []
    write(tmp_path, "E0.csv", NEW)
    write(tmp_path, "new.csv.gz", EXTRA, "latin-1")
    (tmp_path / "notes.txt").write_text("Div,Date")
    epl, brazil = await files.leagues()
    assert (epl.key, brazil.name) == ("epl", "Brazil Serie A")
    assert len((await files.fetch(CallKind.FIXTURES, epl, clock.now())).fixtures) == 1, "what is long over is left out"
    assert (await files.fetch(CallKind.FIXTURES, epl, clock.now())).unchanged
    write(tmp_path, "E0.csv", NEW)
    assert not (await files.fetch(CallKind.FIXTURES, epl, clock.now())).unchanged
    files.tell_anew()
    assert not (await files.fetch(CallKind.FIXTURES, epl, clock.now())).unchanged


async def test_what_a_file_tells_is_as_old_as_the_file(clock, tmp_path):
    write(tmp_path, "E0.csv", NEW)
    os.utime(tmp_path / "E0.csv", (1_768_000_000, 1_768_000_000))
    files = CsvFiles(tmp_path, clock)
    (epl,) = await files.leagues()
    (told,) = (await files.fetch(CallKind.FIXTURES, epl, clock.now())).fixtures
    assert told.told_ms == 1_768_000_000_000


async def test_a_folder_that_is_gone_and_a_damaged_file_are_said(clock, tmp_path):
    with pytest.raises(NotReady) as gone:
        await CsvFiles(tmp_path / "gone", clock).leagues()
    assert str(gone.value) == (
        f"The CSV files of bets in {tmp_path / 'gone'} can't be read: No such file or directory."
        " Check STEWARD_BETS_CSV_FOLDER, which names that folder."
    )
    (tmp_path / "E0.csv.gz").write_bytes(gzip.compress(NEW.encode())[:40])
    with pytest.raises(NotReady, match="damaged"):
        await CsvFiles(tmp_path, clock).leagues()


@pytest.mark.parametrize(
    ("name", "key", "corrupt"), [("england-premier-league", "epl", 5), ("germany-bundesliga", "bundesliga", 2)]
)
def test_real_seasons_are_read_whole_and_only_corrupt_prices_are_barred(shared_data, name, key, corrupt):
    path = shared_data / "football" / f"{name}.csv.gz"
    if not path.is_file():
        pytest.skip(f"no real seasons here: {path} does not exist")
    lines = rows(path)
    answers = read_lines(lines)
    assert list(answers) == [key]
    fixtures = answers[key].fixtures
    assert (len(fixtures), answers[key].skipped) == (len(lines), 0)
    barred = [
        from_millis(one.starts_ms)
        for one in fixtures
        for market in one.markets
        if market.market == "1x2" and not is_plausible(price.odds for price in market.prices)
    ]
    assert [(moment.year, moment.month) for moment in barred] == [(2016, 3)] * corrupt
    goals = sum(int(line["FTHG"]) + int(line["FTAG"]) for line in lines)
    assert sum(sum(one.result.result.regulation) for one in fixtures) == goals


async def test_a_folder_is_named_as_a_whole_where_the_setting_is_relative(clock, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotReady, match=re.escape(f"in {tmp_path / 'football'} can't be read")):
        await CsvFiles(Path("football"), clock).leagues()


async def test_a_quote_that_is_never_closed_is_said(clock, tmp_path):
    (tmp_path / "E0.csv").write_text(f'{NEW}"{"x" * 200_000}')
    with pytest.raises(NotReady, match=r"E0\.csv is damaged"):
        await CsvFiles(tmp_path, clock).leagues()
