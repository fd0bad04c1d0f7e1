from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.settings.sources import from_env_file, from_toml_file


def env(tmp_path, content):
    path = tmp_path / ".env"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return from_env_file(path, ".env", must_exist=False)


def toml(tmp_path, content):
    path = tmp_path / "steward.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return from_toml_file(path, "steward.toml", must_exist=False)


def test_an_env_file_gives_names_values_and_lines(tmp_path):
    source = env(tmp_path, "# mine\n\nA=1\nexport B='two words'  # why\nC=\"x\\ny\"\n\n\nD=$HOME\n")
    assert [(g.name, g.value, g.where) for g in source.given] == [
        ("A", "1", ".env line 3"),
        ("B", "two words", ".env line 4"),
        ("C", "x\ny", ".env line 5"),
        ("D", "$HOME", ".env line 8"),
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_accepted(tmp_path):
    source = env(tmp_path, b"\xef\xbb\xbfA=1\r\nB=2\r\n")
    assert [(g.name, g.value) for g in source.given] == [("A", "1"), ("B", "2")]


@pytest.mark.parametrize("line", ["BOT_TOKEN: canary", "just words canary", "BOT_TOKEN='canary", "canary"])
def test_a_bad_line_is_reported_by_number_only(tmp_path, line):
    source = env(tmp_path, f"A=1\n\n{line}\n")
    (problem,) = source.problems
    assert problem.where == "line 3"
    assert "canary" not in str(problem)


def test_a_file_in_utf_16_is_recognised(tmp_path):
    (problem,) = env(tmp_path, "A=é".encode("utf-16")).problems
    assert "UTF-8" in problem.why


def test_a_folder_instead_of_a_file_is_recognised(tmp_path):
    (tmp_path / ".env").mkdir()
    (problem,) = from_env_file(tmp_path / ".env", ".env", must_exist=False).problems
    assert "cannot be read" in problem.why


def test_an_optional_file_may_be_missing(tmp_path):
    source = from_env_file(tmp_path / "none", ".env", must_exist=False)
    assert not source.given
    assert not source.problems


def test_a_file_that_was_asked_for_must_exist(tmp_path):
    (problem,) = from_toml_file(tmp_path / "none", "none", must_exist=True).problems
    assert "no such file" in problem.why


def test_a_toml_file_gives_keys_values_and_lines(tmp_path):
    source = toml(tmp_path, 'a = 1\n[stats]\nb = true\nc = "x"\nreport_time = 09:30:00\n')
    assert [(g.name, g.value, g.where) for g in source.given] == [
        ("a", "1", "steward.toml line 1"),
        ("b", "true", "steward.toml line 3"),
        ("c", "x", "steward.toml line 4"),
        ("report_time", "09:30:00", "steward.toml line 5"),
    ]


def test_bad_toml_is_reported_with_its_line(tmp_path):
    (problem,) = toml(tmp_path, "a = 1\nb = Europe/Berlin\n").problems
    assert problem.where == "line 2"


def test_a_list_is_not_a_value(tmp_path):
    (problem,) = toml(tmp_path, "a = [1, 2]\n").problems
    assert (problem.name, problem.where) == ("a", "steward.toml line 1")


@given(content=st.binary() | st.text().map(str.encode))
def test_no_content_crashes_a_reader(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any", numbered=True)
    for source in (env(folder, content), toml(folder, content)):
        assert all(problem.why and problem.fix for problem in source.problems)
