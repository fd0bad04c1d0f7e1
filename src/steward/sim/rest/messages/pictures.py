"""
Validation of pictures and sounds in requests, which are data URIs.

Source: discord-api-docs, developers/reference.mdx, "Image Data", and resources/emoji.mdx, resources/soundboard.mdx.
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

from steward.sim.rest.form import Form

_MAX_EMOJI_BYTES, _MAX_SOUND_BYTES, _MAX_PICTURE_BYTES = 256 * 1024, 512 * 1024, 10 * 1024 * 1024
_PICTURES = tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "jpg", "gif", "webp", "avif"))
_SOUNDS = tuple(f"data:audio/{kind};base64," for kind in ("mpeg", "mp3", "ogg", "mpeg3", "wav"))
_ANIMATED = "data:image/gif"


def picture(form: Form, name: str) -> str | None:
    """Return the hash of an avatar, icon or banner; it begins with `a_` if animated."""
    return _hash(form, name, _MAX_PICTURE_BYTES)


def emoji(form: Form, name: str) -> str | None:
    """Return the hash of an emoji's picture of at most 256 KiB."""
    return _hash(form, name, _MAX_EMOJI_BYTES)


def sound(form: Form, name: str) -> str | None:
    """Return the hash of a sound of at most 512 KiB."""
    content = _content(form, name, _SOUNDS, _MAX_SOUND_BYTES)
    return None if content is None else sha256(content).hexdigest()[:32]


def is_animated(found: str | None) -> bool:
    """Return whether a hash is that of an animated picture."""
    return bool(found) and str(found).startswith("a_")


def _hash(form: Form, name: str, most: int) -> str | None:
    content = _content(form, name, _PICTURES, most)
    if content is None:
        return None
    animated = str(form.body[name]).startswith(_ANIMATED)
    return ("a_" if animated else "") + sha256(content).hexdigest()[:32]


def _content(form: Form, name: str, kinds: tuple[str, ...], most: int) -> bytes | None:
    value = form.body[name]
    if not isinstance(value, str) or not value.startswith(kinds):
        form.refuse(name, "IMAGE_INVALID", "Invalid image data")
        return None
    try:
        content = b64decode(value.partition(",")[2], validate=True)
    except ValueError:
        content = b""
    if not content:
        form.refuse(name, "IMAGE_INVALID", "Invalid image data")
        return None
    if len(content) > most:
        form.refuse(name, "BINARY_TYPE_MAX_SIZE", f"File cannot be larger than {most / 1024:.1f} kb.")
    return content
