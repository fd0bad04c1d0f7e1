"""What is recognised, what a line says, and why a line is left out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.catalogue.imports.outside import LEAST, listener_number
from steward.bots.music.catalogue.imports.problems import UnreadableFile, UnreadableLine
from steward.bots.music.catalogue.imports.tables import table_of
from steward.bots.music.catalogue.invented import HOSTILE
from tests.bots.music.catalogue.imports.files import (
    MBIDS,
    lines,
    listen,
    mb_alias,
    mb_artist,
    mb_artist_tag,
    mb_tag,
)

NUMBERS = {"ada": -1, "ben": -2, "": -9}


def table(head, name="file", is_archived=False):
    number = lambda who: NUMBERS.setdefault(who, -100 - len(NUMBERS))  # noqa: E731
    return table_of(head, name, is_archived=is_archived, number=number, nobody="")


def rows(first, *more):
    found = table(lines(first, *more))
    for line in (first, *more)[found.has_header :]:
        found.add(line)
    return found.kind, found.rows()


def bad(first, line):
    found = table(lines(first))
    with pytest.raises(UnreadableLine) as said:
        found.add(line)
    assert found.size == 0
    return str(said.value)


def test_listens_are_added_up_by_listener_and_artist():
    said = [listen("ada", "Low"), listen("ben", "Low"), listen("ada", "Low", MBIDS[1]), listen("ada", "Low")]
    assert rows(*said) == ("plays", [(-1, "Low", "", 2), (-2, "Low", "", 1), (-1, "Low", MBIDS[1], 1)])


def test_a_credit_of_several_is_each_of_them_and_without_names_it_is_one_artist_without_an_id():
    credit = [
        {"artist_mbid": MBIDS[1], "artist_credit_name": "A"},
        {"artist_mbid": MBIDS[2], "artist_credit_name": "B"},
    ]
    both = listen("ada", "A & B", mbid_mapping={"artist_mbids": MBIDS[1:3], "artists": credit})
    unnamed = listen("ada", "A & B", mbid_mapping={"artist_mbids": MBIDS[1:3], "artists": [*credit, {}]})
    assert rows(both)[1] == [(-1, "A", MBIDS[1], 1), (-1, "B", MBIDS[2], 1)]
    assert rows(unnamed)[1] == [(-1, "A & B", "", 1)]


def test_who_listens_is_a_name_or_a_number_or_nobody_known():
    numbered = json.dumps({"user_id": 7, "track_metadata": {"artist_name": "Low"}})
    own = json.dumps({"track_metadata": {"artist_name": "Low"}})
    (first, second) = rows(numbered, own)[1]
    assert first[0] == NUMBERS["7"]
    assert second[0] == NUMBERS[""]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it isn't JSON"),
        ("[" * 100_000, "it isn't JSON"),
        ('{"user_id": ' + "1" * 5000 + "}", "it isn't JSON"),
        ("17", "no artist is named"),
        ('{"track_metadata": []}', "no artist is named"),
        ('{"track_metadata": {"artist_name": "\\u0000\\u200b"}}', "no artist is named"),
        ('{"track_metadata": {"artist_name": {"a": 1}}}', "no artist is named"),
    ],
)
def test_a_listen_that_says_nothing_is_bad(line, why):
    assert bad(listen("ada", "Low"), line) == why


def test_csv_files_are_recognised_by_the_names_of_their_columns():
    assert rows("listener,artist,plays", "ada,Low,7", 'ben,"Low, the",1') == (
        "plays",
        [(-1, "Low", "", 7), (-2, "Low, the", "", 1)],
    )
    assert rows("\ufeffUser;X;Artist_Name;Playcount;MBID", f"ada;?;Low;7;{MBIDS[3]}")[1] == [(-1, "Low", MBIDS[3], 7)]
    assert rows("artist\ttag\tcount", "Low\tSlow-Core\t3", "Low\tslow core\t5")[1] == [("Low", "", "slow core", 5)]
    assert rows("user,artist,weight", "ada,Low,7")[1] == [(-1, "Low", "", 7)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ada,Low", "it has 2 of 3 columns"),
        ('ada,"Low,7', "its quotation marks don't match"),
        (",Low,7", "no listener is named"),
        ("ada,\u200b,7", "no artist is named"),
        ("ada,Low,-7", "plays is no whole number above 0"),
        ("ada,Low,0", "plays is no whole number above 0"),
        ("ada,Low,1e5", "plays is no whole number above 0"),
        ("ada,Low,\u0667", "plays is no whole number above 0"),
        ("ada,Low," + "9" * 30, "plays is no whole number above 0"),
    ],
)
def test_a_bad_line_of_a_csv_file_says_why(line, why):
    assert bad("listener,artist,plays", line) == why


def test_the_tables_of_musicbrainz_are_recognised_and_unescaped():
    assert rows(mb_artist(1, r"AC\\DC"), mb_artist(2, r"Tab\tStop")) == (
        "mb_artists",
        [(1, MBIDS[1], r"AC\DC"), (2, MBIDS[2], "Tab Stop")],
    )
    assert rows(mb_alias(5, 1, "Acca Dacca")) == ("mb_aliases", [(1, "Acca Dacca")])
    assert rows(mb_tag(3, "Hip-Hop")) == ("mb_tags", [(3, "hip hop")])
    assert rows(mb_artist_tag(1, 3, 12), mb_artist_tag(2, 3, -1)) == ("mb_artist_tags", [(1, 3, 12)])
    assert bad(mb_artist(1, "Low"), mb_artist(1, r"\N")) == "no artist is named"
    assert bad(mb_artist(1, "Low"), "1\t2") == "it has 2 of 3 columns"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"  \n\n", "is empty"),
        (b"<!DOCTYPE html>\n<html>", "is a web page"),
        (b"\x89PNG\r\n\x00\x00", "is binary"),
        (b'[{"track_metadata": {}}]', "is one JSON list"),
        (b"artist,album\nLow,I Could Live in Hope", "isn't of a format that I know"),
        (bytes(range(1, 200)), "isn't of a format that I know"),
    ],
)
def test_what_is_nothing_of_that_says_so(content, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        table(content)
    assert table(content, "listens/1.listens", is_archived=True) is None


def test_of_an_archive_only_the_files_that_are_needed_are_read():
    assert table(lines(mb_tag(1, "rock")), "mbdump/tag", True).kind == "mb_tags"
    assert table(lines(mb_tag(1, "rock")), "mbdump/gender", True) is None, "it looks the same"
    assert table(lines(mb_artist(1, "Low")), "mbdump/label", True) is None
    assert table(lines(mb_artist_tag(1, 2, 3)), "mbdump/tag", True) is None
    assert table(lines(listen("ada", "Low")), "dump/listens/2026/1.listens", True).kind == "plays"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_read_as_names_in_each_format(name):
    plain = " ".join(name.split()).replace('"', "").replace("\x00", "")
    (row,) = rows(listen("ada", name))[1]
    assert row[3] == 1
    (row,) = rows("listener,artist,plays", f'ada,"{plain}",2')[1]
    assert row[3] == 2
    (row,) = rows(mb_artist(1, plain.replace("\\", r"\\")))[1]
    assert row[0] == 1


@given(st.text(max_size=80))
def test_no_line_is_more_than_bad(line):
    for first in (
        listen("ada", "Low"),
        "listener,artist,plays",
        "artist,tag,count",
        mb_artist(1, "Low"),
        mb_tag(1, "a"),
    ):
        found = table(lines(first))
        try:
            found.add(line)
        except UnreadableLine as error:
            assert str(error)
        assert found.size <= 1


@given(st.text(), st.binary(min_size=16, max_size=64))
def test_a_listener_is_a_number_below_zero_that_says_nothing_without_the_salt(name, salt):
    number = listener_number(salt, name)
    assert LEAST < number < 0
    assert listener_number(salt, name) == number
    assert listener_number(salt + b"x" if len(salt) < 64 else salt[1:], name) != number
