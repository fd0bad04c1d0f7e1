"""What web pages are made of: compressed once, and answered with what a browser has not got yet."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from posixpath import dirname, join, normpath

from steward.runtime.page_headers import FILE_HEADERS

_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

_COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)$", re.MULTILINE)
_COMMENT_AT_END = re.compile(rb"""^([^"'`\n]*[;{},]) +//[^\n]*$""", re.MULTILINE)  # of a line without any quotes
_INDENTATION = re.compile(rb"^ +", re.MULTILINE)
_NEEDED = re.compile(rb'(?:from |import |href=|src=)"([^":]+\.(?:css|js))"')  # a module by another, and all by the page
Headers = dict[str, str]
LIBRARIES = "/vendor/"  # their licences want their words kept


@dataclass(frozen=True, slots=True)
class WebContent:
    """
    A file of a page, or another answer.

    Attributes:
        kind: its media type.
        content: its bytes as they are served.
        level: how hard gzip tries, 1 to 9; for what is made once, harder.
        packed: the same, compressed by gzip.
        tag: its ETag; the same bytes have the same.

    """

    kind: str
    content: bytes
    level: int = 9
    packed: bytes = field(init=False)
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", gzip.compress(self.content, self.level, mtime=0))
        object.__setattr__(self, "tag", f'"{hashlib.sha256(self.content).hexdigest()[:16]}"')


class StaticFiles:
    """
    The files in a package's folder `static`, read when the first is asked for.

    Args:
        package: such as `steward.sim.page`.
        headers: of the page itself; see `page_headers`.

    """

    def __init__(self, package: str, headers: Mapping[str, str]) -> None:
        self._package = package
        self._headers = headers

    def answer(self, path: str, asked: Mapping[str, str]) -> tuple[int, bytes, Headers] | None:
        """Return the status, body and headers with which a browser gets a file; None if there is none of that path."""
        found = self.files.get(path)
        if found is None:
            return None
        is_page = found.kind.startswith("text/html")
        headers = {**self._headers, "Link": self.module_preloads} if is_page else FILE_HEADERS
        return content_answer(found, asked, headers)

    @cached_property
    def files(self) -> Mapping[str, WebContent]:
        """The files by their paths; `/` is the page itself."""
        found = dict(_files_in(files(self._package) / "static", ""))
        return found | {"/": found["/index.html"]}

    @cached_property
    def module_preloads(self) -> str:
        """The `Link` header of the page: its first modules, so that the browser need not find one by the other."""
        scripts = (path for path in self.loaded_first if path.endswith(".js"))
        return ", ".join(f"<.{path}>; rel=modulepreload" for path in scripts)

    @cached_property
    def loaded_first(self) -> tuple[str, ...]:
        """The paths of the scripts and style sheets that the page loads at once; it imports the others later."""
        found: list[str] = []
        ahead = ["/index.html"]
        while ahead:
            path = ahead.pop()
            if path not in found:
                found.append(path)
                wanted = _NEEDED.findall(self.files[path].content)
                ahead += [normpath(join(dirname(path), name.decode())) for name in wanted]
        return tuple(path for path in found if path.endswith((".js", ".css")))


def content_answer(
    found: WebContent, asked: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, bytes, Headers]:
    """
    Return the status, body and headers with which a browser gets a content; nothing of it if the browser has it.

    Args:
        asked: the headers of the request.
        headers: further ones of the answer.

    """
    answered = {**headers, "Cache-Control": "no-cache", "ETag": found.tag, "Vary": "Accept-Encoding"}
    if asked.get("If-None-Match") == found.tag:
        return 304, b"", answered
    answered["Content-Type"] = found.kind
    if "gzip" not in asked.get("Accept-Encoding", ""):
        return 200, found.content, answered
    return 200, found.packed, {**answered, "Content-Encoding": "gzip"}


def _files_in(folder: Traversable, path: str) -> list[tuple[str, WebContent]]:
    found = []
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            found += _files_in(entry, name)
        elif (kind := _TYPES.get(name[name.rfind(".") :])) is not None:
            content = entry.read_bytes()
            if name.endswith((".js", ".css")) and not name.startswith(LIBRARIES):
                content = shortened(content)
            found.append((name, WebContent(f"{kind}; charset=utf-8", content)))
    return found


def shortened(content: bytes) -> bytes:
    """
    Return a script or style sheet without comments and indentation; its lines keep their numbers.

    A comment is one that fills whole lines, or ends a line without quotes. The page's texts lose nothing with their
    indentation: in HTML, an end of line with spaces after it is one space.
    """
    blank = _COMMENT.sub(lambda found: b"\n" * found.group().count(b"\n"), content)
    return _INDENTATION.sub(b"", _COMMENT_AT_END.sub(rb"\1", blank))
