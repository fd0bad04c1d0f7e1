"""Validates the fields of a request and collects all errors, as Discord's error 50035 lists them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from steward.sim.people.user import Json
from steward.sim.rest.errors import RestRefused

REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")
NOT_OBJECT = ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
_YEARS = range(1900, 2200)  # Discord's bounds are not documented; these leave room for arithmetic with times


def _error(code: str, message: str) -> Json:
    """Return the leaf of an error tree."""
    return {"_errors": [{"code": code, "message": message}]}


class FieldText(str):
    """The text of a form field, which the reader may interpret as a number, a boolean or a list."""

    __slots__ = ()


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Form:
    """
    A JSON object of a request.

    Each method returns a field, or `default` if it is absent or invalid; call `check()` after reading all fields.
    `under` is the dotted path of the object in the request. A body that is no object is refused.
    """

    def __init__(self, body: Any, under: str = "") -> None:
        if not isinstance(body, dict):
            wrong = _error(*NOT_OBJECT)
            for node in reversed(under.split(".") if under else []):
                wrong = {node: wrong}
            raise _invalid(wrong)
        self.body: Json = body
        self._under = f"{under}." if under else ""
        self._errors: Json = {}

    def __contains__(self, name: str) -> bool:
        return name in self.body

    def refuse(self, path: str, code: str, message: str) -> None:
        """Record an error of a field; `path` is dotted, such as `embeds.0.title`."""
        node = self._errors
        for part in (self._under + path).split("."):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, name: str, *, shortest: int = 0, longest: int, default: str | None = None) -> str | None:
        """Return a text with a length in characters from `shortest` to `longest`; null counts as absent."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            self.refuse(name, "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
            return default
        if not shortest <= len(value) <= longest:
            self.refuse_length(name, shortest, longest)
        return str(value)

    def refuse_length(self, path: str, shortest: int, longest: int) -> None:
        """Record an invalid length of a text or list."""
        if shortest:
            self.refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length.")
        else:
            self.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")

    def refuse_scheme(self, path: str, url: str) -> None:
        """Record that the scheme of a URL is not supported."""
        words = f"Scheme {url.partition(':')[0][:20]!r} is not supported. Scheme must be one of ('http', 'https')."
        self.refuse(path, "URL_TYPE_INVALID_SCHEME", words)

    def part(self, path: str, body: Json) -> Form:
        """Return a form for the object at a path; it shares this form's errors."""
        made = Form(body, self._under + path)
        made._errors = self._errors
        return made

    def whole(self, name: str, lowest: int, highest: int, *, default: int | None = None) -> int | None:
        """Return an integer in a range; as by Discord, numeric strings are accepted."""
        value = self.body.get(name)
        if value is None:
            return default
        number = as_whole(value)
        if number is None:
            self.refuse(name, "NUMBER_TYPE_COERCE", f"Value {str(value)[:50]!r} is not int.")
            return default
        if not lowest <= number <= highest:
            self._refuse_range(name, number, lowest, highest)
        return number

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean; null counts as absent, and "true" and "false" are accepted."""
        value = self.body.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            value = _BOOLEANS.get(value.lower())
        if not isinstance(value, bool):
            self.refuse(name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return default
        return value

    def time(self, name: str) -> datetime | None:
        """Return a time in UTC."""
        value = self.body.get(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.year not in _YEARS:
            self.refuse(name, "DATE_TIME_TYPE_PARSE", f"Could not parse {str(value)[:50]}. Should be ISO8601.")
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

    def items(self, name: str, *, most: int) -> list[Any]:
        """Return a list of at most `most` items; null counts as empty, and a form field as one item or as JSON."""
        value = self.body.get(name)
        if value is None:
            return []
        if isinstance(value, FieldText):
            value = _listed(value)
        if not isinstance(value, list):
            self.refuse(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if len(value) > most:
            self.refuse_length(name, 0, most)
        return value

    def parts(self, name: str, *, most: int) -> list[Form]:
        """Return a form for each object of a list of at most `most` items."""
        found = []
        for number, item in enumerate(self.items(name, most=most)):
            if isinstance(item, dict):
                found.append(self.part(f"{name}.{number}", item))
            else:
                self.refuse(f"{name}.{number}", *NOT_OBJECT)
        return found

    def required(self, *names: str) -> None:
        """Record an error for each of these fields that is absent or null."""
        for name in names:
            if self.body.get(name) is None:
                self.refuse(name, *REQUIRED)

    def check(self) -> None:
        """Raise the recorded errors, if there are any (50035)."""
        if self._errors:
            raise _invalid(_innermost(self._errors))

    def _refuse_range(self, name: str, number: int, lowest: int, highest: int) -> None:
        if number < lowest:
            self.refuse(name, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {lowest}.")
        else:
            self.refuse(name, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {highest}.")


def _listed(text: FieldText) -> list[Any]:
    try:
        found = orjson.loads(text.encode())
    except orjson.JSONDecodeError:
        return [text]
    return found if isinstance(found, list) else [text]


def _innermost(errors: Json) -> Json:
    """Return an error tree without the errors of objects whose fields have errors."""
    inner = {name: _innermost(part) for name, part in errors.items() if name != "_errors"}
    return inner or errors


def as_whole(value: Any) -> int | None:
    """Return an integer given as such or as a string, else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit():
        return int(value[:32])
    return None


def _invalid(errors: Json) -> RestRefused:
    return RestRefused(400, {"message": "Invalid Form Body", "code": 50035, "errors": errors})


def invalid_field(name: str, code: str, message: str) -> RestRefused:
    """Return the error of one invalid field, path or query parameter."""
    return _invalid({name: _error(code, message)})
