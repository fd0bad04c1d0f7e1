"""Sources of settings: flags, environment, `.env` files, `steward.toml`, and presets. Checks only syntax."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from steward.settings.problems import Problem

ENV_FILES = (Path(".env"), Path("config") / ".env")
TOML_FILE = Path("steward.toml")


@dataclass(frozen=True, slots=True)
class Given:
    """A value with the name it was given under and its source."""

    name: str
    value: str = field(repr=False)  # may be a secret
    where: str


@dataclass(slots=True)
class Source:
    """All values of one source in order, and its syntax errors."""

    given: list[Given] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def from_mapping(values: Mapping[str, str], where: str) -> Source:
    """Return a source of plain names and values, such as the environment or flags."""
    return Source([Given(name, value, where) for name, value in values.items()])


def from_env_file(path: Path, label: str, *, must_exist: bool) -> Source:
    """Read a `.env` file with python-dotenv's quoting rules, without interpolation."""
    source = Source()
    content = _read(path, label, source, must_exist=must_exist)
    if content is None:
        return source
    from dotenv.parser import parse_stream  # 0.1 MiB, which a bot without a file does not need

    for binding in parse_stream(io.StringIO(content)):
        original = binding.original.string
        line = binding.original.line + original[: len(original) - len(original.lstrip())].count("\n")
        where = f"{label} line {line}"
        if binding.error or (binding.key is not None and binding.value is None):
            # The line is not shown: it may contain the token.
            source.problems.append(
                Problem(
                    label,
                    f"line {line}",
                    "the line is not NAME=value, or a quote on it is not closed.",
                    "Write one NAME=value per line; start comments with #.",
                )
            )
        elif binding.key is not None and binding.value is not None:
            source.given.append(Given(binding.key, binding.value, where))
    return source


def from_toml_file(path: Path, label: str, *, must_exist: bool) -> Source:
    """Read a TOML file of keys such as `update_interval = 300`; tables only group keys."""
    source = Source()
    content = _read(path, label, source, must_exist=must_exist)
    if content is None:
        return source
    import tomllib  # rarely needed

    try:
        document = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        position = re.search(r"line (\d+)", str(error))
        source.problems.append(
            Problem(
                label,
                f"line {position[1]}" if position else "end of the file" if "end of doc" in str(error) else "syntax",
                "the file is not valid TOML here.",
                'Write key = value, with text in double quotes: timezone = "Europe/Berlin".',
            )
        )
        return source
    _flatten(document, content, label, source)
    return source


def _flatten(table: Mapping[str, object], content: str, label: str, source: Source) -> None:
    for key, value in table.items():
        where = f"{label}{_line_of(key, content)}"
        if isinstance(value, dict):
            _flatten(value, content, label, source)
            continue
        written = _toml_text(value)
        if written is None:
            source.problems.append(
                Problem(key, where, f"it is a {type(value).__name__}; a setting has one value.", "Write one value.")
            )
        else:
            source.given.append(Given(key, written, where))


def _toml_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | time):
        return str(value)
    return None


def _line_of(key: str, content: str) -> str:
    match = re.search(rf"""(?m)^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", content)
    return f" line {content.count(chr(10), 0, match.start()) + 1}" if match else ""


def _read(path: Path, label: str, source: Source, *, must_exist: bool) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            source.problems.append(Problem(label, "command line", "there is no such file.", "Check the path."))
    except UnicodeDecodeError:
        source.problems.append(
            Problem(label, "file", "it is not UTF-8 text.", "Save it again as UTF-8 (PowerShell's > writes UTF-16).")
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        source.problems.append(
            Problem(label, "file", f"it cannot be read: {reason}.", "Make it readable for this user.")
        )
    return None


def read_sources(
    environ: Mapping[str, str],
    cwd: Path,
    flags: Mapping[str, str],
    env_file: Path | None,
    config: Path | None,
) -> Iterator[Source]:
    """Yield each source, highest precedence first."""
    yield from_mapping(flags, "command line")
    yield from_mapping(environ, "environment")
    if env_file is not None:
        yield from_env_file(cwd / env_file, str(env_file), must_exist=True)
    else:
        for name in ENV_FILES:
            yield from_env_file(cwd / name, str(name), must_exist=False)
    chosen = config or TOML_FILE
    yield from_toml_file(cwd / chosen, str(chosen), must_exist=config is not None)


PROFILES: Mapping[str, Mapping[str, str]] = {
    # A machine of 1.25 GiB.
    "small": {
        "cache_entries": "500",
        "cleanup_interval": "15m",
        "db_connections": "3",
        "query_cache_entries": "200",
        "query_cache_ttl": "30m",
        "db_idle_timeout": "10m",
        "task_concurrency": "3",
        "task_timeout": "180",
        "memory_budget_mb": "800",
        "memory_warn_mb": "560",
        "memory_critical_mb": "680",
        "limiter_entries": "1000",
        "limiter_ttl": "6h",
        "limiter_sweep": "3m",
    },
    # The defaults of the fields.
    "standard": {},
    # For thousands of Discord servers.
    "large": {
        "cache_entries": "10000",
        "db_connections": "20",
        "task_concurrency": "50",
        "memory_budget_mb": "4096",
        "memory_warn_mb": "2867",
        "memory_critical_mb": "3482",
        "limiter_entries": "100000",
    },
}

ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "development": {"log_level": "DEBUG", "log_format": "tree"},
    "production": {},
    "testing": {"log_level": "WARNING", "log_dir": "off", "health_port": "0"},
}
