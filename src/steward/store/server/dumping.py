"""Backups by the server's own program, where it is installed beside Steward."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from steward.errors import NotReady
from steward.store.server.address import Address
from steward.store.server.engine import Engine


def dump(engine: Engine, address: Address, target: Path) -> None:
    """
    Write one committed state of the database to `target` as SQL, replacing it at once when complete.

    Raises:
        NotReady: the program is not there, or failed; what lay at `target` is untouched.

    """
    unfinished = target.with_name(target.name + ".part")
    commands, environment = engine.dump_command(address, str(unfinished))
    command = next((command for command in commands if shutil.which(command[0])), None)
    if command is None:
        names = " or ".join(command[0] for command in commands)
        raise NotReady(
            f"The backup {target} could not be written: {names} is not on this machine.",
            remedy="Install the database's client programs here, or back the database up on its server.",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # The program is found on the PATH as by a shell; nothing in its arguments comes from Discord.
        done = subprocess.run(  # noqa: S603
            command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise NotReady(
                f"The backup {target} could not be written: {command[0]} failed ({said[-1] if said else 'no reason'}).",
                remedy="Correct what it says; the database itself is untouched.",
            )
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise NotReady(
            f"The backup {target} could not be written ({error.strerror}); the database itself is untouched.",
            remedy="Free some space or choose another place for the backup.",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
