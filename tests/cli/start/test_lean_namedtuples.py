from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from collections import namedtuple
from steward.cli.start.lean_namedtuples import shared_namedtuples
with shared_namedtuples():
    import collections, discord
    Own = collections.namedtuple("Own", "name value", defaults=[1])
one, other = discord.ChannelType.text, discord.Locale.german
"""


def said(expression: str) -> str:
    words = [sys.executable, "-c", f"{PROGRAM}\nprint(({expression}))"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def test_the_values_of_enums_share_their_methods():
    assert (
        said("type(one).__new__ is type(other).__new__, type(one)._replace is type(other)._replace") == "(True, True)"
    )


def test_the_values_behave_as_before():
    expected = "(<ChannelType.text: 0>, 'text', 0, 'text', 'discord.enums', ('name', 'value'))"
    assert said("one, str(one), one.value, one.name, type(one).__module__, one._fields") == expected
    assert said("isinstance(one, discord.ChannelType), isinstance(one, discord.Locale)") == "(True, False)"
    assert said("discord.VerificationLevel.low < discord.VerificationLevel.high") == "True"
    assert said("discord.enums.try_enum(discord.Locale, 'xx').name, discord.ChannelType(0) is one") == (
        "('unknown_xx', True)"
    )


def test_other_named_tuples_are_left_alone():
    assert said("Own('a'), Own.__bases__, Own.__module__, collections.namedtuple is namedtuple") == (
        "(Own(name='a', value=1), (<class 'tuple'>,), '__main__', True)"
    )
