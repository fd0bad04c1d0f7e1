"""Checks the fields of a request and gathers every complaint, as Discord's error 50035 lists them."""

from __future__ import annotations

from typing import Any

import orjson

from steward.sim.people.user import Json
from steward.sim.rest.errors import RestRefused


def complaint(code: str, message: str) -> Json:
    """Return the leaf of an error tree."""
    return {"_errors": [{"code": code, "message": message}]}


class FieldText(str):
    """What a plain field of a form says; whether that is a number, a boolean or a list, who reads it knows."""

    __slots__ = ()


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Form:
    """
    The JSON object of a request body.

    Each method returns the field, or `default` where it is absent or wrong; call `check()` when all are read.

    Args:
        body: the object.
        under: the field of the request that holds it, where it is not the whole body; complaints are put there.

    Raises:
        Refused: the body is no object.

    """

    def __init__(self, body: Any, under: str = "") -> None:
        if not isinstance(body, dict):
            wrong = complaint("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            for place in reversed(under.split(".") if under else []):
                wrong = {place: wrong}
            raise _invalid(wrong)
        self.body: Json = body
        self._under = f"{under}." if under else ""
        self._errors: Json = {}

    def __contains__(self, name: str) -> bool:
        return name in self.body

    def refuse(self, path: str, code: str, message: str) -> None:
        """Complain about a field; `path` is dotted, such as `embeds.0.title`."""
        place = self._errors
        for part in (self._under + path).split("."):
            place = place.setdefault(part, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, name: str, *, shortest: int = 0, longest: int, default: str | None = None) -> str | None:
        """Return a text of so many characters; null counts as absent."""
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
        """Complain about a text's length in Discord's words."""
        if shortest:
            words = f"Must be between {shortest} and {longest} in length."
            self.refuse(path, "BASE_TYPE_BAD_LENGTH", words)
        else:
            self.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")

    def refuse_size(self, path: str, least: int, most: int) -> None:
        """Complain about the number of items of a list in Discord's words."""
        if least:
            self.refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        else:
            self.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def part(self, path: str, body: Json) -> Form:
        """Return a form for an object that lies at that path; its complaints are this form's."""
        made = Form(body, self._under + path)
        made._errors = self._errors
        return made

    def whole(self, name: str, lowest: int, highest: int, *, default: int | None = None) -> int | None:
        """Return a whole number in a range; numbers in quotes are taken, as Discord takes them."""
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
        """Return a boolean; null counts as absent, and "true" and "false" are taken, as forms say them."""
        value = self.body.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            value = _BOOLEANS.get(value.lower())
        if not isinstance(value, bool):
            self.refuse(name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return default
        return value

    def items(self, name: str, *, most: int) -> list[Any]:
        """Return a list of at most so many items; null counts as empty, and a form's field as one item or JSON."""
        value = self.body.get(name)
        if value is None:
            return []
        if isinstance(value, FieldText):
            value = _listed(value)
        if not isinstance(value, list):
            self.refuse(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if len(value) > most:
            self.refuse(name, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return value

    def objects(self, name: str, *, most: int) -> list[Json]:
        """Return a list of at most so many objects; what is none is complained of."""
        found = []
        for number, item in enumerate(self.items(name, most=most)):
            if isinstance(item, dict):
                found.append(item)
            else:
                self.refuse(f"{name}.{number}", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return found

    def required(self, *names: str) -> None:
        """Complain about those of the fields that are absent or null."""
        for name in names:
            if self.body.get(name) is None:
                self.refuse(name, "BASE_TYPE_REQUIRED", "This field is required")

    def check(self) -> None:
        """
        End the reading.

        Raises:
            Refused: there were complaints.

        """
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
    """Return an error tree in which a place has complaints of its own only where nothing inside has any."""
    inner = {name: _innermost(part) for name, part in errors.items() if name != "_errors"}
    return inner or errors


def as_whole(value: Any) -> int | None:
    """Return a whole number given as such or in quotes, else None."""
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
    """Return the refusal of one wrong field, path or query parameter."""
    return _invalid({name: complaint(code, message)})
