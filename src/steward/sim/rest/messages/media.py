"""Media of components: URLs, and attachments of the same message."""

from __future__ import annotations

from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.form import REQUIRED, Form
from steward.sim.snowflake import Snowflakes

_MAX_IN_GALLERY = 10
_SCHEMES = ("http://", "https://", "attachment://")
_ATTACHED = "attachment://"


class Media:
    """Validates media and creates Discord's unfurled media items; attachments are named as `attachment://name`."""

    def __init__(self, snowflakes: Snowflakes, attachments: list[Json]) -> None:
        self._snowflakes = snowflakes
        self._attachments = {attachment["filename"]: attachment for attachment in attachments}

    def item(self, form: Form, path: str, asked: Any) -> Json:
        """Return a media item; errors are recorded in the form."""
        url = asked.get("url") if isinstance(asked, dict) else None
        if not isinstance(url, str) or not url:
            form.refuse(f"{path}.url", *REQUIRED)
            url = ""
        elif not url.startswith(_SCHEMES):
            form.refuse_scheme(f"{path}.url", url)
        found: Json = {"id": str(self._snowflakes.next()), "url": url, "proxy_url": url, "width": 0, "height": 0}
        if url.startswith(_ATTACHED):
            attachment = self._attachments.get(url.removeprefix(_ATTACHED))
            if attachment is None:
                words = "The specified attachment does not exist"
                form.refuse(f"{path}.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", words)
                return found
            found |= {"url": attachment["url"], "proxy_url": attachment["url"], "attachment_id": attachment["id"]}
            found["content_type"] = attachment["content_type"]
        return found

    def gallery(self, form: Form, path: str, items: Any) -> list[Json]:
        """Return the items of a gallery."""
        if not isinstance(items, list) or not 1 <= len(items) <= _MAX_IN_GALLERY:
            form.refuse_length(path, 1, _MAX_IN_GALLERY)
            return []
        return [self._shown(form, f"{path}.{number}", item) for number, item in enumerate(items)]

    def file(self, form: Form, path: str, asked: Any) -> Json:
        """Return the fields of a file component, which shows an attachment of the message."""
        item = self.item(form, path, asked)
        by_id = {attachment["id"]: attachment for attachment in self._attachments.values()}
        attachment = by_id.get(item.get("attachment_id", ""), {})
        return {"file": item, "name": attachment.get("filename"), "size": attachment.get("size")}

    def _shown(self, form: Form, path: str, item: Any) -> Json:
        part = item if isinstance(item, dict) else {}
        described = part.get("description")
        return {
            "media": self.item(form, f"{path}.media", part.get("media")),
            "description": described if isinstance(described, str) else None,
            "spoiler": bool(part.get("spoiler")),
        }
