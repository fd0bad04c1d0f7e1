"""Generates `docs/settings.md`: `python -m tests.settings.reference > docs/settings.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import time

from steward.bots.settings import OF_OURS
from steward.settings.declare import Setting, declared
from steward.settings.model import SECTIONS
from steward.settings.sources import ENVIRONMENTS, PROFILES
from steward.settings.time_kinds import notation

OPENING = """\
# Settings

Steward needs only a bot token. Everything else has a default, and you set up servers in Discord with `/setup`.

Put settings as `NAME=value` lines in a file `.env` in the folder you start Steward in, in the environment, or as
`name = "value"` in `steward.toml`. If a setting is given more than once, the first of these wins:

1. flags: `--database`, `--log-level`, `--set NAME=VALUE`
2. environment variables
3. `.env`, then `config/.env` (`--env-file FILE` replaces both)
4. `steward.toml` (`--config FILE` replaces it); keys are the names below without `STEWARD_`, in lower case; tables
   are only for grouping
5. the [environment and the profile](#profiles-and-environments)
6. the default

If anything is wrong, Steward lists every problem at once, with the reason and the fix, and exits with 78 before
it sends anything to Discord. `steward doctor` checks the settings without starting the bot.

Durations are in seconds or have units: `300`, `5m`, `1h30m`. Sizes are in megabytes or have units: `800`, `1GB`.
An empty value counts as not set. An unknown name that starts with `STEWARD_` is an error. Secrets never appear in logs,
messages or reports.

The smallest `.env` for everything the stats bot shows:

```
BOT_TOKEN=...
GUILD_ID=613425648685547541
MEMBER_COUNT_CHANNEL_ID=1098765432109876541
ONLINE_COUNT_CHANNEL_ID=1098765432109876542
BAN_COUNT_CHANNEL_ID=1098765432109876543
HEARTBEAT_CHANNEL_ID=1098765432109876544
STATS_CHANNEL_ID=1098765432109876545
```
"""

PLANNED = """\
## Accepted, no effect yet

These are read and checked so that older configurations keep working, but nothing uses them yet.
"""


def reference(of_bots: Iterable[type]) -> str:
    """Return the page; with the sections of these bots."""
    parts, sections = [OPENING], (*SECTIONS, *of_bots)
    for section in sections:
        settings = [item for item in declared(section) if not item.planned]
        if settings:
            title = (section.__doc__ or "").strip().rstrip(".")
            parts.append(f"## {title}\n\n" + "\n".join(map(_entry, settings)))
    parts.append(_presets())
    planned = [item for section in sections for item in declared(section) if item.planned]
    parts.append(PLANNED + "\n" + "\n".join(map(_entry, planned)))
    return "\n".join(parts)


def _entry(item: Setting) -> str:
    others = list(item.names)[1:]
    lines = [f"### `{item.name}`", "", item.doc, ""]
    if others:
        lines.append(f"- Other names: {', '.join(f'`{name}`' for name in others)}")
    lines += [f"- Value: {item.kind.range}", f"- Default: {_default(item)}"]
    if item.planned:
        lines.append(f"- Will be used by: {item.planned}")
    if item.example:
        lines.append(f"- Example: `{item.example}`")
    return "\n".join([*lines, ""])


def _default(item: Setting) -> str:
    if item.required:
        return "none; required"
    if item.default is None or item.default in ("", ()):
        return "not set"
    return f"`{_written(item.default)}`"


def _written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return notation(value)
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return ", ".join(map(_written, value))
    return str(value)


def _presets() -> str:
    opening = (
        "## Profiles and environments\n\n"
        "`STEWARD_PROFILE` sets defaults for a size of machine, `STEWARD_ENV` for a purpose. If both set a value, the "
        "environment wins. You can override any of them.\n"
    )
    return "\n".join([opening, *_preset_tables("profile", PROFILES), *_preset_tables("environment", ENVIRONMENTS)])


def _preset_tables(kind: str, presets: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for name, values in presets.items():
        if not values:
            yield f"- {kind} `{name}`: the defaults"
            continue
        yield f"- {kind} `{name}`: " + ", ".join(f"`{field}={value}`" for field, value in values.items())
    yield ""


if __name__ == "__main__":
    sys.stdout.write(reference(OF_OURS))
