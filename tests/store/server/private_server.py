"""A private database server that a test can kill and restart."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ACCOUNTS = {"postgresql": "postgres", "mysql": "mysql"}
PROGRAMS = {"postgresql": ("postgres", "initdb"), "mysql": ("mariadbd", "mariadb-install-db")}
FOLDERS = [Path("/usr/sbin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]


class PrivateServer:
    """A server on a free port, with its data in a folder and full durability."""

    def __init__(self, engine: str, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._program, self._maker = (_path(name) for name in PROGRAMS[engine])
        self._account = ACCOUNTS[engine] if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        user = {"postgresql": "postgres", "mysql": "root"}[self._engine]
        return f"{self._engine}://{user}@127.0.0.1:{self.port}/steward"

    def make(self) -> None:
        """Initialise its data folder."""
        if self._account is not None:
            shutil.chown(self._folder, self._account)
        options: dict[str, list[object]] = {
            "postgresql": ["-D", self._data, "-U", "postgres", "-A", "trust", "--no-sync"],
            "mysql": [f"--datadir={self._data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
        }
        words = options[self._engine]
        done = subprocess.run(self._as_account(self._maker, *words), capture_output=True, check=False, cwd="/")
        if done.returncode != 0:
            said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
            pytest.skip(f"{self._maker} cannot be run here: {said[-1] if said else done.returncode}")

    def start(self) -> None:
        """Start it; return when it accepts connections."""
        options: dict[str, list[object]] = {
            "postgresql": ["-D", self._data, "-p", str(self.port), "-h", "127.0.0.1", "-k", self._folder],
            "mysql": [
                "--no-defaults",
                f"--datadir={self._data}",
                f"--port={self.port}",
                "--bind-address=127.0.0.1",
                f"--socket={self._folder / 'socket'}",
                f"--pid-file={self._folder / 'pid'}",
                "--innodb-buffer-pool-size=16M",
            ],
        }
        words = options[self._engine]
        for _ in range(600):
            if self._process is None or self._process.poll() is not None:  # a dying server may still hold its memory
                with (self._folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(
                        self._as_account(self._program, *words), stdout=log, stderr=log, start_new_session=True, cwd="/"
                    )
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.1)  # the other program runs in real time
        raise AssertionError((self._folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill it with all its processes, like a loss of power."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _as_account(self, *words: object) -> list[str]:
        # Database servers refuse to run as root.
        before = [] if self._account is None else ["setpriv", f"--reuid={self._account}", f"--regid={self._account}"]
        return [*before, *(["--clear-groups"] if before else []), *map(str, words)]


@contextmanager
def private_server(engine: str) -> Iterator[PrivateServer]:
    """Give a running server; skip the test if there cannot be one."""
    for name in PROGRAMS[engine]:
        if _path(name) is None:
            pytest.skip(f"{name} is not on this machine")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(ACCOUNTS[engine])
        except KeyError:
            pytest.skip(f"there is no user {ACCOUNTS[engine]} on this machine, and root may not run the server")
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not on this machine")
    # Not in the test's own folder, which the server's user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="steward-server-"))
    server = PrivateServer(engine, folder)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _path(program: str) -> str | None:
    return shutil.which(program, path=os.pathsep.join([os.environ["PATH"], *map(str, FOLDERS)]))
