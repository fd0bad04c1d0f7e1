"""The running bot is restarted as the same process, without docstrings."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, os, sys
from steward.cli.start.without_docstrings import restart_without_docstrings
restart_without_docstrings()
import discord
print(json.dumps([sys.flags.optimize, discord.Client.__doc__, os.getpid(), sys.argv[1:], sys.flags.utf8_mode]))
"""


def said(tmp_path, *flags, **environ):
    """Run the program and return its output, and its process id at the start."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    words = [sys.executable, *flags, str(program), "a word", "--flag"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environ) as process:
        out, _ = process.communicate(timeout=60)
    return json.loads(out), process.pid


def test_it_is_the_same_process_with_the_same_words_and_flags(tmp_path):
    (optimize, docstring, pid, words, utf8), started = said(tmp_path, "-X", "utf8")
    assert (optimize, docstring) == (2, None)
    assert pid == started
    assert (words, utf8) == (["a word", "--flag"], 1)


def compiled(folder):
    """Return the compiled files below a folder, and their times."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.pyc")}


def test_the_first_start_fills_an_own_cache_if_python_writes_nothing_beside_the_sources(tmp_path):
    theirs, own = tmp_path / "theirs", tmp_path / "own"
    environ = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPYCACHEPREFIX": str(theirs),  # empty, whatever is compiled beside the sources
        "XDG_CACHE_HOME": str(own),
    }
    (optimize, docstring, *_), _ = said(tmp_path, **environ)
    assert (optimize, docstring) == (2, None)
    first = compiled(own)
    names = {path.name.partition(".")[0] for path in first}
    assert {"app", "client", "part", "dataclasses"} <= names  # also modules that the program itself has not imported
    assert not theirs.exists()
    assert said(tmp_path, **environ)[0][0] == 2
    assert compiled(own) == first


@pytest.mark.parametrize(
    "environ",
    [
        {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/dev/null/nowhere"},
        {"PYTHONPYCACHEPREFIX": "/dev/null/nowhere"},  # not writable, not even by root
    ],
)
def test_without_a_place_for_compiled_files_nothing_changes(tmp_path, environ):
    (optimize, docstring, *_), _ = said(tmp_path, **environ, XDG_CACHE_HOME="/dev/null/nowhere")
    assert optimize == 0
    assert docstring


def test_pythons_own_optimisation_flags_are_respected(tmp_path):
    assert said(tmp_path, "-O")[0][0] == 1
    assert said(tmp_path, "-OO")[0][0] == 2


def test_only_steward_run_restarts_and_only_once(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; print(sys.flags.optimize, file=sys.stderr)")

    def starts(command):
        words = [sys.executable, "-m", "steward", command, "--set", "BOT_TOKEN=none"]
        environ = {"PYTHONPATH": str(tmp_path)}
        done = subprocess.run(words, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 78
        return [line for line in done.stderr.splitlines() if line.isdigit()]

    assert starts("run") == ["0", "2"]
    assert starts("doctor") == ["0"]
