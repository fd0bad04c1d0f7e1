"""Wall times as they are kept."""

import subprocess
import sys
from datetime import datetime

import pytest

from steward.bots.events.model.series import read_wall, wall_text


def test_a_wall_time_is_read_back_as_it_was_written():
    wall = datetime(2026, 3, 9, 7, 5)  # noqa: DTZ001 - a wall time has no zone
    assert read_wall(wall_text(wall)) == wall


@pytest.mark.parametrize(
    "text", ["", "2026-03-09", "2026-03-09T07", "2026-03-09T07:05:00", "2026-03-09T07:05+00:00", "20260309T0705", "x"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_wall(text)


def test_reading_one_does_not_load_the_parser_of_all_formats():
    script = """
import sys
from steward.bots.events.model.series import read_wall
read_wall("2026-03-09T07:05")
print("_strptime" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
