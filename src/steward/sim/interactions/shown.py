"""Finds buttons, selects and fields in the components of a message or modal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from steward.sim.people.user import Json

_BUTTON, _STRING_SELECT, _TEXT_INPUT, _TEXT, _LABEL = 2, 3, 4, 10, 18
_SELECTS = (3, 5, 6, 7, 8)
_INPUTS = (*_SELECTS, _TEXT_INPUT, 19, 21, 22, 23)


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Yield all components, outer before inner."""
    for component in components:
        yield component
        if inner := component.get("components"):
            yield from walk(inner)
        for name in ("accessory", "component"):
            if held := component.get(name):
                yield from walk((held,))


def texts(components: Iterable[Json]) -> list[str]:
    """Return the texts of the text displays."""
    return [component["content"] for component in walk(components) if component["type"] == _TEXT]


def buttons(components: Iterable[Json]) -> list[str]:
    """Return the labels of the buttons, or the emoji of those without a label."""
    return [_words(found) for found in walk(components) if found["type"] == _BUTTON]


def button(components: Iterable[Json], name: str) -> Json:
    """Return a button by its label, emoji or custom id; `LookupError` if there is none, or it is disabled or a link."""
    found = [item for item in walk(components) if item["type"] == _BUTTON]
    fits = [item for item in found if name in (_words(item), item.get("custom_id"), _emoji(item))]
    if not fits:
        raise LookupError(f"No button {name!r}; there are: {', '.join(map(_words, found)) or 'none'}.")
    exact = next((item for item in fits if item.get("custom_id") == name), fits[0])
    return _usable(exact, f"The button {name!r}")


def select(components: Iterable[Json], name: str | None) -> Json:
    """
    Return a select by its custom id or placeholder; without a name, the only one.

    Raises:
        LookupError: there is none, there are several, or it is disabled.

    """
    found = [item for item in walk(components) if item["type"] in _SELECTS]
    fits = [item for item in found if name is None or name in (item["custom_id"], item.get("placeholder"))]
    if len(fits) != 1:
        known = ", ".join(item.get("placeholder") or item["custom_id"] for item in found) or "none"
        raise LookupError(f"There is not exactly one such select; there are: {known}. Name one with `menu=`.")
    return _usable(fits[0], "The select")


def chosen(item: Json, values: Iterable[str]) -> list[str]:
    """Return the values of options given by label or value; `LookupError` if an option does not exist."""
    found = []
    for wanted in values:
        fits = [option for option in item["options"] if wanted in (option["label"], option["value"])]
        if not fits:
            known = ", ".join(option["label"] for option in item["options"])
            raise LookupError(f"No option {wanted!r}; there are: {known}.")
        found.append(next((option for option in fits if option["value"] == wanted), fits[0])["value"])
    return found


def check_number(item: Json, values: list[Any]) -> None:
    """Check the number of values against the select's bounds; `ValueError` if too many or too few values."""
    least, most = item.get("min_values", 1), item.get("max_values", 1)
    if not least <= len(values) <= most:
        raise ValueError(f"The select takes {least} to {most} values, not {len(values)}.")


def inputs(components: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    """Yield the label and component of each field of a modal."""
    for component in components:
        if component["type"] == _LABEL:
            yield component["label"], component["component"]
        for inner in component.get("components", ()):
            if inner["type"] in _INPUTS:
                yield inner.get("label", ""), inner


def _usable(item: Json, what: str) -> Json:
    if item.get("disabled"):
        raise LookupError(f"{what} is disabled.")
    if "custom_id" not in item:
        raise LookupError(f"{what} is a link; clicks on it are not sent to the bot.")
    return item


def _words(item: Json) -> str:
    return item.get("label") or _emoji(item)


def _emoji(item: Json) -> str:
    return str(item.get("emoji", {}).get("name", ""))
