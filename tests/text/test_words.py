"""The tables of words: generated from CLDR, and every line used by a rule."""

import re
from pathlib import Path

import pytest

from steward.text import words
from steward.text.phrases.lexicon import LANGUAGES, lexicon
from steward.text.phrases.rules.clock_times import CLOCKS
from steward.text.phrases.rules.days import DAYS
from steward.text.phrases.rules.others import FROM_NOW, WHOLE
from steward.text.phrases.spans import PIECES

TABLES = Path(words.__file__).parent


def test_the_generated_table_is_up_to_date():
    pytest.importorskip("babel", reason="Babel is not installed; it is a development dependency")
    from tests.text.cldr import TABLE, table

    assert TABLE.read_text("utf-8") == table()


def test_each_kind_of_word_has_a_rule_that_reads_it():
    patterns = [pattern for rules in (CLOCKS, DAYS, FROM_NOW, WHOLE) for pattern, _ in rules.actions] + list(PIECES)
    read = {kind for pattern in patterns for element in pattern.elements for kind in element.kinds} | {"BESIDE"}
    kinds = {sense.kind for senses in lexicon().senses.values() for sense in senses}
    assert kinds - read == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_days_months_and_units(language):
    bit = 1 << LANGUAGES.index(language)
    senses = {
        (sense.kind, sense.value)
        for meanings in lexicon().senses.values()
        for sense in meanings
        if sense.languages & bit
    }
    wanted = {("WEEKDAY", day) for day in range(7)} | {("AHEAD", days) for days in (0, 1)}
    if language not in ("ja", "ko", "zh", "vi"):  # which number their months
        wanted |= {("MONTH", month) for month in range(1, 13)}
    wanted |= {("UNIT", unit) for unit in ("minute", "hour", "day", "week")}
    assert wanted - senses == set()


def test_a_line_has_no_duplicate_words():
    for table in TABLES.glob("*.txt"):
        for line in table.read_text("utf-8").splitlines():
            said = re.split(r", ", line.partition(": ")[2])
            assert len(said) == len(set(said)), f"{table.name}: {line}"
