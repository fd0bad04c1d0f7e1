"""Processes of tests: killed between any two statements, or let go at the same moment."""

import pytest

pytest.register_assert_rewrite("tests.processes.killed")
