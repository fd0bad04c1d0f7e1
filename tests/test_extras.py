"""What each extra installs, from a wheel into a fresh environment: for testers, bot developers and self-hosters."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own."""

    folder: Path

    def run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STEWARD"))}
        return subprocess.run(
            [str(self.folder / "bin" / command[0]), *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd or self.folder,
            env=inherited,
        )

    def python(self, script: str) -> str:
        done = self.run("python", "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def installed(self) -> set[str]:
        listed = self.run("python", "-m", "pip", "list", "--format=json", "--disable-pip-version-check")
        return {found["name"].lower().replace("_", "-") for found in json.loads(listed.stdout)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("steward-*.whl")
    return built


def pip(python, *words):
    """Run pip; skip the test where it cannot fetch what it needs."""
    done = subprocess.run(
        [python, "-m", "pip", *words, "--quiet", "--disable-pip-version-check", "--retries", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        unreachable = ("connection", "No matching distribution", "Temporary failure", "timed out")
        if any(sign in done.stderr for sign in unreachable):
            pytest.skip(f"pip cannot fetch packages here: {done.stderr.strip().splitlines()[-1]}")
        pytest.fail(done.stderr)


def environment(folder, wheel, extra, *others):
    venv.create(folder, with_pip=True)
    pip(str(folder / "bin" / "python"), "install", f"steward[{extra}] @ {wheel.as_uri()}", *others)
    return Environment(folder)


BOT_ONLY = {
    "fontpkg-inter",
    "msgspec",
    "prometheus-client",
    "python-dateutil",
    "python-dotenv",
    "resvg-py",
    "rich",
    "structlog",
    "tzdata",
}


def test_a_tester_gets_the_fixture_and_no_libraries_of_the_bot(wheel, tmp_path):
    tester = environment(tmp_path / "venv", wheel, "sim", "discord.py", "pytest")
    assert not tester.installed & BOT_ONLY
    shutil.copytree(EXAMPLES / "plain_bot", tmp_path / "bot")
    done = tester.run("python", "-m", "pytest", "-q", cwd=tmp_path / "bot")
    assert done.returncode == 0, done.stdout + done.stderr
    refused = tester.run("steward", "setup")
    assert refused.returncode == 78
    assert "pip install 'steward[bot]'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_bot_developer_gets_the_runtime_and_no_libraries_of_the_bot(wheel, tmp_path):
    developer = environment(tmp_path / "venv", wheel, "runtime", "discord.py", "pytest")
    assert not developer.installed & BOT_ONLY
    parts = "cache", "http", "limits", "memory", "monitor", "resilience", "tasks"
    script = "import discord, steward.ops, " + ", ".join(f"steward.runtime.{part}" for part in parts)
    assert developer.python(script + "; print('there')") == "there"
    (tmp_path / "test_it.py").write_text("def test_it(discord_sim):\n    pass\n")
    done = developer.run("python", "-m", "pytest", "-q", cwd=tmp_path)
    assert "pip install 'steward[sim]'" in done.stdout, done.stderr


def test_a_self_hoster_gets_the_bot(wheel, tmp_path):
    host = environment(tmp_path / "venv", wheel, "bot")
    assert host.installed >= BOT_ONLY | {"discord.py"}
    assert host.python("import steward.app, steward.charts.render, steward.sim; print('there')") == "there"
    refused = host.run("steward", "run", cwd=tmp_path)
    assert refused.returncode == 78
    assert "BOT_TOKEN" in refused.stderr
