"""Checks between settings that are valid on their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from steward.settings.declare import Setting
from steward.settings.problems import Problem
from steward.settings.sources import Given


def crosscheck(
    values: Mapping[str, object], origins: Mapping[str, Given], table: Sequence[Setting]
) -> Iterator[Problem]:
    """
    Yield a problem for each pair of contradicting values.

    Args:
        values: parsed values by field, presets included.
        origins: values that were given explicitly, by field.
        table: every setting, for defaults.

    """
    yield from _channels_without_server(values, origins)
    yield from _memory_order(values, origins, table)
    yield from _two_databases(origins)


def _channels_without_server(values: Mapping[str, object], origins: Mapping[str, Given]) -> Iterator[Problem]:
    anywhere = {"alert_channel_id"}  # needs no server id
    channels = [field for field in origins if field.endswith("_channel_id") and field in values.keys() - anywhere]
    if channels and "guild_id" not in origins:
        given = origins[channels[0]]
        yield Problem(
            "GUILD_ID",
            given.where,
            f"{given.name} names a channel, but nothing says which server it is in.",
            "Set GUILD_ID to the server's id, or leave the channels out and use /setup in Discord.",
        )


def _memory_order(
    values: Mapping[str, object], origins: Mapping[str, Given], table: Sequence[Setting]
) -> Iterator[Problem]:
    defaults = {item.field: item.default for item in table}
    warn, critical = (values.get(field, defaults[field]) for field in ("memory_warn_mb", "memory_critical_mb"))
    given = origins.get("memory_warn_mb") or origins.get("memory_critical_mb")
    if given is not None and isinstance(warn, int) and isinstance(critical, int) and warn > critical:
        yield Problem(
            given.name,
            given.where,
            f"the warning level of {warn} MB is above the critical level of {critical} MB.",
            "Set the critical level higher, or the warning lower.",
            given.value.strip(),
        )


def _two_databases(origins: Mapping[str, Given]) -> Iterator[Problem]:
    if "database" in origins and "mysql_host" in origins:
        first, second = origins["database"], origins["mysql_host"]
        yield Problem(
            f"{first.name} and {second.name}",
            " and ".join(dict.fromkeys((first.where, second.where))),
            "each names a database, but only one can be used.",
            f"Leave out {second.name} and its user and password, or {first.name}.",
        )
