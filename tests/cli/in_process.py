"""Commands run in this process: a new one takes a second to start, and there are many of them in tests."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from steward.cli.main import main
from tests.settings.examples import LEAST


def command(folder: Path, url: str, *words: str) -> SimpleNamespace:
    """Run `steward` with these words in a folder, on a database; return its code and what it printed."""
    out, said = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(said):
        patch.chdir(folder)
        for name, value in {**LEAST, "STEWARD_DATABASE": url}.items():
            patch.setenv(name, value)
        code = main(words)
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=said.getvalue())
