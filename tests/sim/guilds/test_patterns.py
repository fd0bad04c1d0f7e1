"""Patterns of auto moderation: matches, errors, and bounded running time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.sim.guilds.patterns import Pattern, PatternError, Work


def found(pattern: str, text: str, work: Work | None = None) -> list[str]:
    return list(Pattern(pattern).found_in(text, work or Work()))


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("f.sh", "fish, fush, f\nsh", ["fish", "fush"]), ("(?i)FISH", "fIsh", ["fIsh"]), ("fish", "FISH", []),
        ("(?s)f.sh", "f\nsh", ["f\nsh"]), ("a(?i:b)c", "aBc aBC", ["aBc"]), ("a(?i)b|c", "B aB C", ["aB", "C"]),
        ("a+", "aaba", ["aa", "a"]), ("a+?", "aa", ["a", "a"]), ("a{2}", "aaaaa", ["aa", "aa"]),
        ("a{2,}", "aaaaa", ["aaaaa"]), ("a{1,2}", "aaa", ["aa", "a"]), ("colou?r", "color colour", ["color", "colour"]),
        ("cat|category", "category", ["cat"]), ("(?:ab)+", "ababa", ["abab"]), ("(?P<n>a)(?<m>b)", "ab", ["ab"]),
        (r"\bcat\b", "cat cats", ["cat"]), (r"\Bat", "at cat", ["at"]), ("^a", "aa", ["a"]),
        ("(?m)^a$", "a\na", ["a", "a"]),
        ("a$", "a\n", []), (r"a\z", "aa", ["a"]), (r"\Aa", "aa", ["a"]), ("[^a-c]+", "abcdef", ["def"]),
        ("[]a]+", "]a", ["]a"]), (r"[\d\s]+", "a1 2", ["1 2"]), (r"\x41\u0042\x{43}\u{44}", "ABCD", ["ABCD"]),
        (r"1\.5\$", "1.5$", ["1.5$"]), (r"\n\t", "\n\t", ["\n\t"]), (r"\w+", "é_1 !", ["é_1"]), ("x*", "x", ["x", ""]),
    ],
)  # fmt: skip
def test_a_pattern_matches_as_rust_does(pattern: str, text: str, matches: list[str]):
    assert found(pattern, text) == matches


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", r"(a)\1", "(?P=x)", "(?(1)a|b)", "(?>a)", "a{2,1}", "[", "(", "a)",
        "*a", "{", "[[a]b]", "[a&&b]", "[[:alpha:]]", "[z-a]", r"[\q]", r"\p{L}", r"\P{L}", r"\Z", r"\q", "\\",
        r"\x{110000}", "(?x)a", "(?-u)a", "a{99999}", "((a{50}){50}){50}", "(" * 260, "(" * 130 + ")" * 130,
    ],
)  # fmt: skip
def test_a_pattern_that_discord_or_the_simulator_does_not_know_is_refused(pattern: str):
    with pytest.raises(PatternError):
        Pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a|a)*b", "(a+)+$", "(a?){50}a{50}b", "(.*)(.*)(.*)(.*)(.*)b", "(a|aa|aaa){40}b"])
def test_no_pattern_exceeds_its_work(pattern: str):
    work = Work(50_000)
    assert found(pattern, "a" * 4000 + "!", work) == []
    assert work.left > -5_000  # it stops within the place where the work ends


def test_all_patterns_share_the_work():
    work = Work(1000)
    assert found("a", "a" * 2000, work) != []
    assert found("a", "a", work) == []


_SIGNS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\w", r"\d"])
_COUNTS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{1,}"])
_REPEATED = st.builds("(?:{}|{}{}){}".format, _SIGNS, _SIGNS, _SIGNS, _COUNTS)
_PATTERNS = st.recursive(
    st.one_of(_SIGNS, _REPEATED, st.sampled_from([r"\b", "^"])),
    lambda inner: st.builds("{}{}".format, inner, inner) | st.builds("(?:{}|{})".format, inner, inner),
    max_leaves=8,
)


@given(_PATTERNS, st.text("abc 1\n", max_size=8))
def test_the_first_match_is_that_of_an_independent_engine(pattern: str, text: str):
    theirs = re.search(pattern, text)
    assert next(Pattern(pattern).found_in(text, Work()), None) == (theirs[0] if theirs is not None else None)
