from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.settings import kinds
from steward.settings.problems import BadValue


@pytest.mark.parametrize("word", ["true", "YES", "on", "1"])
def test_yes_is_yes(word):
    assert kinds.boolean().read(word) is True


@pytest.mark.parametrize("word", ["false", "No", "off", "0"])
def test_no_is_no(word):
    assert kinds.boolean().read(word) is False


def test_other_words_are_no_boolean():
    with pytest.raises(BadValue, match="neither"):
        kinds.boolean().read("maybe")


@given(st.integers(1, 100))
def test_whole_numbers_within_the_range_are_read(number):
    assert kinds.integer(1, 100).read(str(number)) == number


@pytest.mark.parametrize(("text", "why"), [("0", "less than the minimum"), ("101", "more than the maximum")])
def test_numbers_out_of_range_are_refused_with_the_bound(text, why):
    with pytest.raises(BadValue, match=why):
        kinds.integer(1, 100).read(text)


@pytest.mark.parametrize("text", ["1.5", "ten", "1e3", "٣", "", "9" * 400])
def test_other_text_is_no_integer(text):
    with pytest.raises(BadValue, match="not a whole number"):
        kinds.integer(1, 100).read(text)


def test_a_comment_after_a_number_is_pointed_out():
    with pytest.raises(BadValue, match="the comment after #"):
        kinds.integer(1, 100).read("5 # five")


@pytest.mark.parametrize(
    ("text", "size"), [("800", 800), ("800MB", 800), ("1GB", 1024), ("1.5 GiB", 1536), ("2048k", 2)]
)
def test_sizes_are_read_in_megabytes(text, size):
    assert kinds.megabytes(1, 4096).read(text) == size


def test_other_text_is_no_size():
    with pytest.raises(BadValue, match="not a size"):
        kinds.megabytes(1, 10).read("lots")


@pytest.mark.parametrize(("text", "level"), [("debug", "DEBUG"), ("Warn", "WARNING"), ("ERROR", "ERROR")])
def test_log_levels_are_read_in_any_case(text, level):
    assert kinds.log_level().read(text) == level


def test_a_mistyped_word_suggests_the_nearest():
    with pytest.raises(BadValue, match="Did you mean WARNING"):
        kinds.log_level().read("wraning")


def test_a_folder_may_be_off():
    assert kinds.path_or_off().read("off") is None
    assert kinds.path_or_off().read("logs") == Path("logs")


def test_the_home_folder_is_expanded():
    assert kinds.path().read("~/x") == Path.home() / "x"


@pytest.mark.parametrize("text", ["a\0b", "~nobody-of-that-name/x"])
def test_impossible_paths_are_refused(text):
    with pytest.raises(BadValue):
        kinds.path().read(text)


@given(st.text())
def test_no_text_crashes_a_kind(text):
    for kind in (
        kinds.text(),
        kinds.path(),
        kinds.path_or_off(),
        kinds.boolean(),
        kinds.integer(0, 9),
        kinds.megabytes(0, 9),
        kinds.log_level(),
    ):
        try:
            kind.read(text)
        except BadValue as bad:
            assert bad.why
            assert bad.fix.endswith((".", "?"))


def test_logger_levels_are_parsed_in_any_spelling():
    read = kinds.area_levels().read
    assert read("steward.store=debug, discord = Warn,") == (("steward.store", "DEBUG"), ("discord", "WARNING"))
    assert read("") == ()


@pytest.mark.parametrize("given", ["debug", "steward.store=", "=DEBUG", "a b=INFO", "steward.store=LOUD"])
def test_invalid_logger_levels_are_refused(given):
    with pytest.raises(BadValue):
        kinds.area_levels().read(given)
