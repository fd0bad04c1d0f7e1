"""Loads `Settings` from all sources, or reports every problem at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from steward.settings.crosscheck import crosscheck
from steward.settings.declare import PREFIX, Kind, Setting, declared
from steward.settings.kinds import name_list
from steward.settings.model import SECTIONS, Settings
from steward.settings.problems import BadValue, Problem, SettingsError, nearest, shown
from steward.settings.sources import ENVIRONMENTS, PROFILES, Given, Source, read_sources

# Other variables of ours, and those that Kubernetes sets in pods next to a service named "steward".
NOT_SETTINGS = re.compile(r"STEWARD_(SHARED|SERVICE_(HOST|PORT\w*)|PORT|PORT_\d+_\w+)")


SectionsOf = Callable[[Collection[str] | None], tuple[Sequence[type], bool]]
"""
Returns the sections of the named bots, or of all for None. May raise BadValue.

The second value is whether these are all bots: if not, an unknown name may belong to another one.

A section is a dataclass of settings. It may have a static method `crosscheck(values, origins)` that yields problems
like `steward.settings.crosscheck`.
"""


def load(
    environ: Mapping[str, str],
    cwd: Path,
    flags: Mapping[str, str] | None = None,
    *,
    sections_of: SectionsOf = lambda names: ((), True),
    env_file: Path | None = None,
    config: Path | None = None,
) -> Settings:
    """
    Load settings: flags, environment, `.env`, `steward.toml`, profile, default, in this order of precedence.

    Args:
        cwd: folder of `.env`, `config/.env` and `steward.toml`.
        flags: names (any that a setting has) and values from the command line.
        sections_of: returns the sections of bots.
        env_file: replaces `.env` and `config/.env`; must exist.
        config: replaces `steward.toml`; must exist.

    Raises:
        SettingsError: lists everything that is wrong.

    """
    return _Loading(list(read_sources(environ, cwd, flags or {}, env_file, config)), sections_of).run()


class _Loading:
    """One run: collects values and problems."""

    def __init__(self, sources: list[Source], sections_of: SectionsOf) -> None:
        self._sources = sources
        self._problems: list[Problem] = []
        self._of_bots, self._knows_all = self._sections(sections_of)
        self._table = [item for section in (*SECTIONS, *self._of_bots) for item in declared(section)]
        self._by_name = {name: item for item in self._table for name in item.names}
        self._by_name |= {PREFIX + item.field.upper(): item for item in self._table}
        self._values: dict[str, object] = {}
        self._origins: dict[str, Given] = {}

    def _sections(self, sections_of: SectionsOf) -> tuple[Sequence[type], bool]:
        """Return the sections of the enabled bots, which declare further settings."""
        names = {PREFIX + "BOTS"}, {PREFIX + "BOTS", "BOTS"}  # the environment is shared with other programs
        given = next(
            (
                one
                for number, source in enumerate(self._sources)
                for one in source.given
                if one.value.strip(" ,") and one.name.upper() in names[number != 1]
            ),
            None,
        )
        if given is None:
            return sections_of(None)
        try:
            return sections_of(name_list().read(given.value))
        except BadValue as bad:
            self._problems.append(Problem(given.name, given.where, f"the value {bad.why}.", bad.fix, given.value))
            return sections_of(None)

    def run(self) -> Settings:
        sources = self._sources
        found = [self._sort(source, number) for number, source in enumerate(sources)]
        strongest = {field: given for source in reversed(found) for field, given in source.items()}
        for item in self._table:
            if item.field in strongest:
                self._take(item, strongest[item.field])
        self._fill_from_presets()
        every_name = {given.name for source in sources for given in source.given}
        for item in self._table:
            if item.required and item.field not in strongest:
                self._problems.append(_missing(item, every_name))
        self._problems += crosscheck(self._values, self._origins, self._table)
        for section in self._of_bots:
            if hasattr(section, "crosscheck"):
                self._problems += section.crosscheck(self._values, self._origins)
        if self._problems:
            raise SettingsError(self._problems)
        origins = {field: f"{given.where}, {given.name}" for field, given in self._origins.items()}
        own = {item.field for section in SECTIONS for item in declared(section)}
        values = {field: value for field, value in self._values.items() if field in own}
        of_bots = tuple(map(self._section, self._of_bots))
        return Settings(**values, of_bots=of_bots, origins=origins)  # type: ignore[arg-type] # parsed by its kind

    def _section(self, section: type) -> object:
        fields = [item.field for item in declared(section)]
        return section(**{field: self._values[field] for field in fields if field in self._values})

    def _sort(self, source: Source, number: int) -> dict[str, Given]:
        """Return the values of a source by field; report conflicts and unknown names."""
        self._problems += source.problems
        result: dict[str, Given] = {}
        for given in source.given:
            item = self._find(given, lenient=number != 1)
            if item is None:
                self._problems += self._unknown(given)
                continue
            value = given.value.strip()
            if not value:  # compose files and templates write `NAME=` for "not set"
                continue
            earlier = result.get(item.field)
            if earlier is not None and _meant(item, earlier) != _meant(item, given):
                self._problems.append(_conflict(item, earlier, given))
            result[item.field] = given
        return result

    def _find(self, given: Given, *, lenient: bool) -> Setting | None:
        if given.name in self._by_name:
            return self._by_name[given.name]
        if not lenient:  # the environment is shared with other programs: exact names only
            return None
        upper = given.name.upper()
        return self._by_name.get(upper) or self._by_name.get(PREFIX + upper)

    def _unknown(self, given: Given) -> Iterator[Problem]:
        ours = given.name.upper().startswith(PREFIX)
        must_be_known = ours or given.where == "command line" or ".toml" in given.where
        if not must_be_known or not self._knows_all or NOT_SETTINGS.fullmatch(given.name):
            return
        candidates = {name.lower(): name for name in self._by_name}
        if ".toml" in given.where:
            candidates |= {item.field: item.field for item in self._table}
        near = nearest(given.name.lower(), candidates)
        hint = "docs/settings.md lists all names." if near is None else f"Did you mean {candidates[near]}?"
        yield Problem(given.name, given.where, "there is no setting of this name.", hint)

    def _take(self, item: Setting, given: Given) -> None:
        self._origins[item.field] = given
        kind, value = _kind(item, given), given.value.strip()
        try:
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                raise BadValue(
                    "is in quotes, which are read as part of it",
                    "Remove them (docker's --env-file and -e keep quotes).",
                )
            self._values[item.field] = kind.read(value)
        except BadValue as bad:
            self._problems.append(
                Problem(given.name, given.where, f"the value {bad.why}.", bad.fix, shown(value, secret=item.secret))
            )

    def _fill_from_presets(self) -> None:
        by_field = {item.field: item for item in self._table}
        profile = PROFILES[str(self._values.get("profile", by_field["profile"].default))]
        environment = ENVIRONMENTS[str(self._values.get("environment", by_field["environment"].default))]
        for field, text in (dict(profile) | dict(environment)).items():
            if field not in self._origins:
                self._values[field] = by_field[field].kind.read(text)


def _kind(item: Setting, given: Given) -> Kind[object]:
    """Return the kind of a name: an old one may have its own unit."""
    return next((kind for name, kind in item.names.items() if name == given.name.upper()), item.kind)


def _meant(item: Setting, given: Given) -> object:
    """Return what to compare for two names of a setting: the value, or the text if invalid."""
    text = given.value.strip()
    try:
        return _kind(item, given).read(text)
    except BadValue:
        return text, "invalid"


def _missing(item: Setting, every_name: Iterable[str]) -> Problem:
    near = [name for name in every_name if name not in item.names and nearest(name, item.names, cutoff=0.85)]
    hint = f" {near[0]} is set: is that a typo?" if near else ""
    return Problem(
        item.usual_name,
        "not set anywhere",
        f"Steward can't run without it. {item.doc}",
        f"Run `steward setup`, or write {item.usual_name}=... to a file named .env.{hint}",
    )


def _conflict(item: Setting, earlier: Given, later: Given) -> Problem:
    same = earlier.name == later.name
    names = earlier.name if same else f"{earlier.name} and {later.name}"
    where = later.where if earlier.where == later.where else f"{earlier.where} and {later.where}"
    why = "it's set twice" if same else "both mean the same setting"
    values = " and ".join(shown(given.value.strip(), secret=item.secret) for given in (earlier, later))
    return Problem(names, where, f"{why}, with different values.", "Keep one of them.", values)
