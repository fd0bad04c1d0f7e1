"""
What the fields of a request may hold, as tables: one reader a field, so that a resource is a table and not a function.

A reader returns the value as Discord shows it, and complains in the form of what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from steward.sim.people.user import Json
from steward.sim.rest.form import Form, as_whole
from steward.sim.rest.guilds import moments
from steward.sim.rest.messages import pictures

Reader = Callable[[Form, str], Any]
_SNOWFLAKES = range(1 << 64)
_LONGEST_URL = 2048
LOCALES = (
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
)  # fmt: skip


class Field(NamedTuple):
    """
    One field.

    Args:
        read: reads it from a form that names it.
        default: what it is in a new thing that does not name it, and what null makes of it.
        required: whether a new thing must name it.

    """

    read: Reader
    default: Any = None
    required: bool = False


def needed(read: Reader) -> Field:
    """Return a field that a new thing must have."""
    return Field(read, required=True)


def take(form: Form, fields: Mapping[str, Field], *, new: bool) -> Json:
    """Return what a form says of some fields; of a `new` thing also the defaults of those that it does not name."""
    found: Json = {}
    for name, field in fields.items():
        if form.body.get(name) is not None:
            found[name] = field.read(form, name)
        elif field.required:
            if new:
                form.required(name)
        elif new or name in form:
            default = field.default
            found[name] = list(default) if isinstance(default, list) else default
    return found


def text(shortest: int, longest: int) -> Reader:
    """Read a text of so many characters."""
    return lambda form, name: form.text(name, shortest=shortest, longest=longest)


def whole(lowest: int, highest: int) -> Reader:
    """Read a whole number in a range."""
    return lambda form, name: form.whole(name, lowest, highest)


def flag(form: Form, name: str) -> bool:
    """Read a boolean."""
    return form.flag(name)


def fraction(form: Form, name: str) -> float | None:
    """Read a number from 0 to 1."""
    value = form.body[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        form.refuse(name, "NUMBER_TYPE_COERCE", f"Value {str(value)[:50]!r} is not float.")
        return None
    if not 0 <= value <= 1:
        words = "greater than or equal to 0" if value < 0 else "less than or equal to 1"
        form.refuse(name, "NUMBER_TYPE_MAX" if value > 1 else "NUMBER_TYPE_MIN", f"float value should be {words}.")
    return float(value)


def choice(*values: int | str) -> Reader:
    """Read one of some values."""

    def read(form: Form, name: str) -> Any:
        value = form.body[name]
        found = as_whole(value) if isinstance(values[0], int) else value
        if found not in values:
            form.refuse(name, "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, values))}}}.")
            return None
        return found

    return read


def snowflake(form: Form, name: str) -> str | None:
    """Read an id."""
    number = as_whole(form.body[name])
    if number is None or number not in _SNOWFLAKES:
        form.refuse(name, "NUMBER_TYPE_COERCE", f'Value "{str(form.body[name])[:50]}" is not snowflake.')
        return None
    return str(number)


def moment(form: Form, name: str) -> str | None:
    """Read a time, as Discord writes it."""
    found = moments.moment(form, name)
    return found.isoformat() if found is not None else None


def url(form: Form, name: str) -> str | None:
    """Read the address of a page."""
    found = form.text(name, longest=_LONGEST_URL)
    if found is not None and not found.startswith(("http://", "https://")):
        words = f"Scheme {found.partition(':')[0][:20]!r} is not supported."
        form.refuse(name, "URL_TYPE_INVALID_SCHEME", f"{words} Scheme must be one of ('http', 'https').")
    return found


def picture(form: Form, name: str) -> str | None:
    """Read an uploaded picture; its hash is what Discord shows."""
    return pictures.read(form, name)


def listed(read: Reader, most: int, *, least: int = 0) -> Reader:
    """Read a list whose items are all of a kind."""

    def read_all(form: Form, name: str) -> list[Any]:
        items = form.items(name, most=most)
        if len(items) < least:
            form.refuse_size(name, least, most)
        return [read(form.part(name, {str(number): item}), str(number)) for number, item in enumerate(items)]

    return read_all


def whole_thing(fields: Mapping[str, Field]) -> Reader:
    """Read an object with fields of its own, all of which it gets."""

    def read(form: Form, name: str) -> Json:
        value = form.body[name]
        if not isinstance(value, dict):
            form.refuse(name, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return {}
        return take(form.part(name, value), fields, new=True)

    return read


def localizations(longest: int, *, shortest: int = 0) -> Reader:
    """Read texts by language, of those that Discord has."""

    def read(form: Form, name: str) -> Json:
        value = form.body[name]
        if not isinstance(value, dict):
            form.refuse(name, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return {}
        part = form.part(name, value)
        if any(locale not in LOCALES for locale in value):
            form.refuse(name, "BASE_TYPE_CHOICES", f"Value must be one of {LOCALES}.")
        known = [locale for locale in LOCALES if locale in value]
        texts = {locale: part.text(locale, shortest=shortest, longest=longest) for locale in known}
        return {locale: found for locale, found in texts.items() if found is not None}

    return read
