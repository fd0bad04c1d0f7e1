"""A settings file that is changed in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.cli.env_file import EnvFile, names_of
from steward.errors import NeedsOperator


def test_the_usual_name_of_a_setting_comes_first():
    assert names_of("token")[0] == "BOT_TOKEN"
    assert "DISCORD_TOKEN" in names_of("token")


def test_a_duplicated_name_is_written_once(tmp_path):
    path = tmp_path / ".env"
    path.write_text("A=1\n# A=2\nA=3\nexport B='x y'\n")
    EnvFile(path).write({"A": "9"})
    assert path.read_text() == "A=9\n# A=2\nexport B='x y'\n"


def test_a_file_that_is_no_text_is_an_error_with_a_message(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NeedsOperator, match="cannot be read"):
        EnvFile(tmp_path / ".env")


def test_an_unwritable_folder_is_an_error_with_a_message(tmp_path):
    with pytest.raises(NeedsOperator, match="cannot be written"):
        EnvFile(tmp_path / "missing" / ".env").write({"A": "1"})


@given(before=st.lists(st.sampled_from(["A=1", "B='two words'", "# note", "", "export C=3", "D"]), max_size=8))
def test_written_values_are_read_back_and_the_rest_is_unchanged(tmp_path_factory, before):
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_text("\n".join(before))
    EnvFile(path).write({"A": "new"})
    after = EnvFile(path)
    assert after.value("A") == "new"
    kept = [line for line in before if not line.startswith("A=")]
    assert [line for line in path.read_text().splitlines() if line and not line.startswith("A=")] == list(
        filter(None, kept)
    )
