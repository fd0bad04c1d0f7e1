"""Validation of embeds. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.form import REQUIRED, Form

MOST = 10
_MAX_FIELDS = 25
_MAX_TOGETHER = 6000
_TEXTS, _OF_FIELD = {"title": 256, "description": 4096}, {"name": 256, "value": 1024}
_SIGNATURES = {"footer": ("text", 2048, ("icon_url",)), "author": ("name", 256, ("url", "icon_url"))}
_COLOURS = 0xFFFFFF
_ATTACHED = "attachment://"
_SCHEMES = ("http://", "https://", _ATTACHED)
_PICTURED = ("image", "thumbnail", "footer", "author")


def read(form: Form, attachments: list[Json]) -> list[Json]:
    """Return the embeds in a form as Discord returns them, with the URLs of `attachments` for `attachment://name`."""
    found = [_embed(part) for part in form.parts("embeds", most=MOST)]
    if sum(map(_length, found)) > _MAX_TOGETHER:
        form.refuse("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_MAX_TOGETHER}")
    addresses = {f"{_ATTACHED}{attachment['filename']}": attachment["url"] for attachment in attachments}
    for embed in found:
        for part in filter(None, map(embed.get, _PICTURED)):
            part.update({link: addresses.get(part[link], part[link]) for link in ("url", "icon_url") if link in part})
    return found


def _embed(part: Form) -> Json:
    item = part.body
    found: Json = {"type": "rich"} | {name: _text(part, name, longest) for name, longest in _TEXTS.items()}
    if item.get("url"):
        found["url"] = _url(part)
    if item.get("timestamp") is not None:
        found["timestamp"] = _timestamp(part, item["timestamp"])
    if item.get("color") is not None:
        found["color"] = _colour(part, item["color"])
    for name, (field, longest, links) in _SIGNATURES.items():
        if isinstance(item.get(name), dict):
            inner = part.part(name, item[name])
            found[name] = {field: _text(inner, field, longest, required=True)}
            found[name] |= {link: _url(inner, link) for link in links if inner.body.get(link)}
    for name in ("image", "thumbnail"):
        if isinstance(item.get(name), dict) and item[name].get("url"):
            found[name] = {"url": _url(part.part(name, item[name])), "width": 0, "height": 0}
    if item.get("fields"):
        found["fields"] = [_field(inner) for inner in part.parts("fields", most=_MAX_FIELDS)]
    return {name: value for name, value in found.items() if value is not None}


def _field(part: Form) -> Json:
    name, value = (_text(part, key, longest, required=True) for key, longest in _OF_FIELD.items())
    return {"name": name, "value": value, "inline": bool(part.body.get("inline", False))}


def _text(part: Form, name: str, longest: int, *, required: bool = False) -> str | None:
    value = part.body.get(name)
    text = str(value).strip() if isinstance(value, (str, int, float)) else ""
    if not text and required:
        part.refuse(name, *REQUIRED)
    if len(text) > longest:
        part.refuse_length(name, 0, longest)
    return text or None


def _url(part: Form, name: str = "url") -> str:
    url = str(part.body[name])
    if not url.startswith(_SCHEMES):
        part.refuse_scheme(name, url)
    return url


def _timestamp(part: Form, value: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        part.refuse("timestamp", "DATE_TIME_TYPE_PARSE", f"Could not parse {str(value)[:50]}. Should be ISO8601.")
        return str(value)


def _colour(part: Form, value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= _COLOURS:
        part.refuse("color", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {_COLOURS}.")
        return 0
    return value


def _length(found: Json) -> int:
    texts = [found.get("title"), found.get("description")]
    texts += [found.get("footer", {}).get("text"), found.get("author", {}).get("name")]
    for field in found.get("fields", ()):
        texts += [field["name"], field["value"]]
    return sum(len(str(text)) for text in texts if text)
