"""
What each extra installs, from a wheel into an environment of its own: for testers, bot developers and self-hosters.

The wheel is built and installed by pip. What its metadata requires, and so on, is linked from the environment of the
tests: nothing is downloaded, and nothing else can be imported.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from steward.sim import page

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
    def packages(self) -> Path:
        (folder,) = self.folder.glob("lib/python*/site-packages")
        return folder

    @property
    def installed(self) -> set[str]:
        return {canonicalize_name(found.name) for found in distributions(path=[str(self.packages)])}

    def add(self, requirements: Iterable[Requirement]) -> None:
        """Link what is required, and what that requires."""
        for needed in closure(requirements):
            for file in needed.files or ():
                there = Path(str(needed.locate_file(file.parts[0])))
                link = self.packages / file.parts[0]
                if file.parts[0] not in ("..", "__pycache__") and not link.exists():
                    link.symlink_to(there)


def closure(requirements: Iterable[Requirement]) -> Iterator[Distribution]:
    """Yield each distribution once that some requirements need, by their markers and extras."""
    left, seen = list(requirements), set[tuple[str, frozenset[str]]]()
    while left:
        wanted = left.pop()
        key = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if key in seen:
            continue
        seen.add(key)
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:
            pytest.skip(f"{wanted.name} is not installed here")
        assert wanted.specifier.contains(found.version, prereleases=True), f"{wanted}: {found.version} is here"
        yield found
        left += required(found, wanted.extras)


def required(found: Distribution, extras: Iterable[str]) -> list[Requirement]:
    """Return what a distribution requires here, with some of its extras."""
    requirements = map(Requirement, found.requires or ())
    return [
        one
        for one in requirements
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("steward-*.whl")
    return built


def pip(*words):
    """Run pip; skip the test where it cannot fetch what builds the wheel."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--retries", "1", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        unreachable = ("connection", "No matching distribution", "Temporary failure", "timed out")
        if any(sign in done.stderr for sign in unreachable):
            pytest.skip(f"pip cannot fetch packages here: {done.stderr.strip().splitlines()[-1]}")
        pytest.fail(done.stderr)


def test_the_wheel_holds_the_page_of_the_simulator(wheel):
    static = Path(page.__path__[0]) / "static"
    own = {f"steward/sim/page/static/{path.relative_to(static)}": path for path in static.rglob("*") if path.is_file()}
    with ZipFile(wheel) as packed:
        assert {name: packed.read(name) for name in own} == {name: path.read_bytes() for name, path in own.items()}


def environment(folder, wheel, extra, *others):
    venv.create(folder)
    made = Environment(folder)
    python = str(folder / "bin" / "python")
    pip("--python", python, "install", "--no-deps", "--no-index", "--no-compile", str(wheel))
    (steward,) = distributions(path=[str(made.packages)])
    made.add([*required(steward, [extra]), *map(Requirement, others)])
    return made


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
    assert host.installed >= BOT_ONLY | {"discord-py"}
    assert host.python("import steward.app, steward.charts.render, steward.sim; print('there')") == "there"
    refused = host.run("steward", "run", cwd=tmp_path)
    assert refused.returncode == 78
    assert "BOT_TOKEN" in refused.stderr
