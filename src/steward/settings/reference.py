"""The page `docs/settings.md`, made from the settings themselves: `python -m steward.settings.reference` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import time

from steward.settings.declare import Setting, declared
from steward.settings.model import SECTIONS
from steward.settings.profiles import ENVIRONMENTS, PROFILES
from steward.settings.time_kinds import spell

OPENING = """\
# Settings

Steward needs one: a bot token. All others have defaults, and servers are set up in Discord, with `/setup`.

Write them as `NAME=value` lines into a file `.env` in the folder that Steward is started in, into its environment,
or as `name = "value"` into `steward.toml`. Where one is given more than once, the first of these wins:

1. flags: `--database`, `--log-level`, `--set NAME=VALUE`
2. environment variables
3. `.env`, then `config/.env` (`--env-file FILE` replaces both)
4. `steward.toml` (`--config FILE` replaces it); its keys are the names below without `STEWARD_`, in small letters,
   and tables only group them
5. the [environment and the profile](#profiles-and-environments)
6. the default

Steward reports everything that is wrong with them at once, each with the reason and the remedy, and exits with 78
before it sends anything to Discord. `steward doctor` checks them without starting the bot.

Spans of time are seconds or carry units: `300`, `5m`, `1h30m`. Sizes are megabytes or carry units: `800`, `1GB`.
An empty value is one that is not set. Names that begin with `STEWARD_` and belong to no setting are an error.
Secrets are never shown, in logs, messages or reports.

The smallest `.env` that shows everything the stats bot does:

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

These are read and checked, so that configurations of older bots keep working, but nothing uses their values so far:
each says what will.
"""


def reference() -> str:
    """Return the page."""
    parts = [OPENING]
    for section in SECTIONS:
        settings = [item for item in declared(section) if not item.planned]
        if settings:
            title = (section.__doc__ or "").strip().rstrip(".")
            parts.append(f"## {title}\n\n" + "\n".join(map(_entry, settings)))
    parts.append(_presets())
    planned = [item for section in SECTIONS for item in declared(section) if item.planned]
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
        return "none; it must be set"
    if item.default is None or item.default in ("", ()):
        return "not set"
    return f"`{_written(item.default)}`"


def _written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return spell(value)
        case time():
            return f"{value:%H:%M}"
    return str(value)


def _presets() -> str:
    opening = (
        "## Profiles and environments\n\n"
        "`STEWARD_PROFILE` chooses values for a size of machine, `STEWARD_ENV` for a purpose; where both name a value, "
        "the environment's is taken. Whatever they set can be set otherwise.\n"
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
    sys.stdout.write(reference())
