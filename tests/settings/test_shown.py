from __future__ import annotations

from steward.settings.problems import shown
from tests.settings.examples import TOKEN


def test_a_harmless_value_is_shown():
    assert shown("my server", secret=False) == '"my server"'


def test_a_secret_shows_only_its_length():
    assert shown("hunter2", secret=True) == "(hidden, 7 characters)"


def test_a_token_in_the_wrong_setting_is_hidden():
    assert TOKEN not in shown(f"  {TOKEN}", secret=False)
    assert "canary" not in shown(TOKEN, secret=False)


def test_the_password_in_an_address_is_hidden():
    assert shown("http://me:hunter2@host/", secret=False) == '"http://me:********@host/"'


def test_long_and_unprintable_values_stay_on_one_short_line():
    text = shown("ab \x1b[31m\n" * 20, secret=False)
    assert text.isprintable()
    assert len(text) < 90
