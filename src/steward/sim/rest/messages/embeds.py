"""Validation of embeds. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.form import NOT_OBJECT, REQUIRED, Form

MOST = 10
_MAX_FIELDS = 25
_MAX_TOGETHER = 6000
_TEXTS = {"title": 256, "description": 4096}
_SIGNATURES = {"footer": ("text", 2048, ("icon_url",)), "author": ("name", 256, ("url", "icon_url"))}
_COLOURS = 0xFFFFFF
_ATTACHED = "attachment://"
_SCHEMES = ("http://", "https://", _ATTACHED)
_PICTURED = ("image", "thumbnail", "footer", "author")


def read(form: Form, attachments: list[Json]) -> list[Json]:
    """Return the embeds in a form as Discord returns them, with the URLs of `attachments` for `attachment://name`."""
    items = form.items("embeds", most=MOST)
    found = [_embed(form, f"embeds.{number}", item) for number, item in enumerate(items)]
    if sum(map(_length, found)) > _MAX_TOGETHER:
        form.refuse("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_MAX_TOGETHER}")
    addresses = {f"{_ATTACHED}{attachment['filename']}": attachment["url"] for attachment in attachments}
    for embed in found:
        for part in filter(None, map(embed.get, _PICTURED)):
            part.update({link: addresses.get(part[link], part[link]) for link in ("url", "icon_url") if link in part})
    return found


def _embed(form: Form, path: str, item: Any) -> Json:
    if not isinstance(item, dict):
        form.refuse(path, *NOT_OBJECT)
        return {}
    found: Json = {"type": "rich"}
    for name, longest in _TEXTS.items():
        if (text := _text(form, path, item, name, longest)) is not None:
            found[name] = text
    if item.get("url"):
        found["url"] = _url(form, path, item["url"])
    if item.get("timestamp") is not None:
        found["timestamp"] = _timestamp(form, path, item["timestamp"])
    if item.get("color") is not None:
        found["color"] = _colour(form, path, item["color"])
    for name, (field, longest, links) in _SIGNATURES.items():
        if isinstance(part := item.get(name), dict):
            found[name] = {field: _text(form, f"{path}.{name}", part, field, longest, required=True)}
            found[name] |= {link: _url(form, f"{path}.{name}", part[link], link) for link in links if part.get(link)}
    for name in ("image", "thumbnail"):
        if isinstance(part := item.get(name), dict) and part.get("url"):
            found[name] = {"url": _url(form, f"{path}.{name}", part["url"]), "width": 0, "height": 0}
    if item.get("fields"):
        found["fields"] = _fields(form, f"{path}.fields", item["fields"])
    return found


def _fields(form: Form, path: str, items: Any) -> list[Json]:
    if not isinstance(items, list):
        form.refuse(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if len(items) > _MAX_FIELDS:
        form.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_FIELDS} or fewer in length.")
    found = []
    for number, item in enumerate(items):
        part = item if isinstance(item, dict) else {}
        name = _text(form, f"{path}.{number}", part, "name", 256, required=True)
        value = _text(form, f"{path}.{number}", part, "value", 1024, required=True)
        found.append({"name": name, "value": value, "inline": bool(part.get("inline", False))})
    return found


def _text(form: Form, path: str, item: Json, name: str, longest: int, *, required: bool = False) -> str | None:
    value = item.get(name)
    text = str(value).strip() if isinstance(value, (str, int, float)) else ""
    if not text and required:
        form.refuse(f"{path}.{name}", *REQUIRED)
    if len(text) > longest:
        form.refuse_length(f"{path}.{name}", 0, longest)
    return text or None


def _url(form: Form, path: str, value: Any, name: str = "url") -> str:
    if not str(value).startswith(_SCHEMES):
        form.refuse_scheme(f"{path}.{name}", str(value))
    return str(value)


def _timestamp(form: Form, path: str, value: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        words = f"Could not parse {str(value)[:50]}. Should be ISO8601."
        form.refuse(f"{path}.timestamp", "DATE_TIME_TYPE_PARSE", words)
        return str(value)


def _colour(form: Form, path: str, value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= _COLOURS:
        form.refuse(f"{path}.color", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {_COLOURS}.")
        return 0
    return value


def _length(found: Json) -> int:
    texts = [found.get("title"), found.get("description")]
    texts += [found.get("footer", {}).get("text"), found.get("author", {}).get("name")]
    for field in found.get("fields", ()):
        texts += [field["name"], field["value"]]
    return sum(len(str(text)) for text in texts if text)
