"""Change a `.env` file in place without touching its other lines."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from steward.bots.settings import settings_table
from steward.errors import NeedsOperator
from steward.runtime.process.disk import sync
from steward.settings.sources import ENV_FILES


def names_of(field: str) -> list[str]:
    """Return the names of a setting, the usual one first."""
    setting = next(item for item in settings_table() if item.field == field)
    return [setting.usual_name, *(name for name in setting.names if name != setting.usual_name)]


class EnvFile:
    """One file, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        except (OSError, ValueError) as error:
            raise NeedsOperator(f"{path} cannot be read: {error}.", remedy="Make it a text file in UTF-8.") from error
        self._bindings = list(parse_stream(io.StringIO(text)))

    @classmethod
    def found_in(cls, folder: Path, named: Path | None = None) -> EnvFile:
        """Return the file from which settings are read: the one named, the first that exists, or `.env`."""
        if named is not None:
            return cls(folder / named)
        return cls(next((folder / name for name in ENV_FILES if (folder / name).is_file()), folder / ENV_FILES[0]))

    def value(self, name: str) -> str | None:
        """Return the value of a name; None if it is not set, or empty."""
        return next((item.value for item in self._bindings if item.key == name and item.value), None)

    def write(self, values: Mapping[str, str]) -> None:
        """
        Set names to values that need no quotes; the file is replaced atomically, readable by its owner only.

        Raises:
            NeedsOperator: it cannot be written.

        """
        left, lines = dict(values), []
        for item in self._bindings:
            original = item.original.string
            if item.key is not None and item.key in values:
                if item.key in left:
                    lines.append(f"{item.key}={left.pop(item.key)}\n")
                continue
            lines.append(original if original.endswith("\n") or not original else original + "\n")
        lines += [f"{name}={value}\n" for name, value in left.items()]
        unfinished = self.path.with_name(f"{self.path.name}.part")
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - with its mode from the first byte on
                file.write("".join(lines))
            sync(unfinished)
            unfinished.replace(self.path)
        except OSError as error:
            raise NeedsOperator(
                f"{self.path} cannot be written: {error.strerror or error}.",
                remedy="Run `steward setup` in a folder of yours.",
            ) from error
