"""
Validation of request fields by tables of readers.

A reader returns a field's value as Discord returns it, and records errors in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from steward.sim.people.user import Json
from steward.sim.rest.form import NOT_OBJECT, Form, as_whole

Reader = Callable[[Form, str], Any]
_SNOWFLAKES = range(1 << 64)
_LONGEST_URL = 2048
LOCALES = (
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
)  # fmt: skip


class Field(NamedTuple):
    """One field of an object; `default` is the value if null, or absent from a new object."""

    read: Reader
    default: Any = None
    required: bool = False


def needed(read: Reader) -> Field:
    """Return a field that a new object must have."""
    return Field(read, required=True)


def take(form: Form, fields: Mapping[str, Field], *, new: bool) -> Json:
    """Return the values of the fields present in a form, and for a `new` object the defaults of the others."""
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
    """Read a text with a length in characters from `shortest` to `longest`."""
    return lambda form, name: form.text(name, shortest=shortest, longest=longest)


def whole(lowest: int, highest: int) -> Reader:
    """Read an integer in a range."""
    return lambda form, name: form.whole(name, lowest, highest)


def flag(form: Form, name: str) -> bool:
    """Read a boolean."""
    return form.flag(name)


def truth(form: Form, name: str) -> bool:
    """Read any value as a boolean."""
    return bool(form.body[name])


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
    """Read one of several values."""

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
    """Read a time as ISO 8601."""
    found = form.time(name)
    return found.isoformat() if found is not None else None


def url(form: Form, name: str) -> str | None:
    """Read an http or https URL."""
    found = form.text(name, longest=_LONGEST_URL)
    if found is not None and not found.startswith(("http://", "https://")):
        form.refuse_scheme(name, found)
    return found


def listed(read: Reader, most: int, *, least: int = 0) -> Reader:
    """Read a list of items with the same reader."""

    def read_all(form: Form, name: str) -> list[Any]:
        items = form.items(name, most=most)
        if len(items) < least:
            form.refuse_length(name, least, most)
        part = form.part(name, {str(number): item for number, item in enumerate(items)})
        return [read(part, number) for number in part.body]

    return read_all


def new_object(fields: Mapping[str, Field]) -> Reader:
    """Read a nested new object."""

    def read(form: Form, name: str) -> Json:
        value = form.body[name]
        if not isinstance(value, dict):
            form.refuse(name, *NOT_OBJECT)
            return {}
        return take(form.part(name, value), fields, new=True)

    return read


def localizations(longest: int, *, shortest: int = 0) -> Reader:
    """Read texts by locale."""

    def read(form: Form, name: str) -> Json:
        value = form.body[name]
        if not isinstance(value, dict):
            form.refuse(name, *NOT_OBJECT)
            return {}
        part = form.part(name, value)
        if any(locale not in LOCALES for locale in value):
            form.refuse(name, "BASE_TYPE_CHOICES", f"Value must be one of {LOCALES}.")
        known = [locale for locale in LOCALES if locale in value]
        texts = {locale: part.text(locale, shortest=shortest, longest=longest) for locale in known}
        return {locale: found for locale, found in texts.items() if found is not None}

    return read
