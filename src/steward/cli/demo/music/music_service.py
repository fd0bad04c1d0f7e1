"""A music service of a demo's own: it answers as Last.fm does, of invented artists, until it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

KEY = "0123456789abcdef0123456789abcdef"
NEAR = 20


class DemoMusicService:
    """
    Tells what is near an artist: others of its genre.

    Args:
        tags: of the artists, by name; the first is the genre.

    Attributes:
        is_down: whether it sends web pages in place of data.

    """

    def __init__(self, tags: Mapping[str, Sequence[str]]) -> None:
        self._genres = {name.casefold(): of_one[0] for name, of_one in tags.items() if of_one}
        self._of_genre: dict[str, list[str]] = {}
        for name, of_one in tags.items():
            if of_one:
                self._of_genre.setdefault(of_one[0], []).append(name)
        self.is_down = False
        self.address = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer on a free port of this machine while entered."""
        app = web.Application()
        app.router.add_get("/2.0", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.address = f"http://{host}:{port}/2.0"
            yield
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        if self.is_down:
            return web.Response(status=503, text="<html>Service unavailable</html>", content_type="text/html")
        artist = request.query.get("artist", "").casefold()
        near = [name for name in self._of_genre.get(self._genres.get(artist, ""), ()) if name.casefold() != artist]
        rows = [
            {"name": name, "match": str(1 - place / NEAR / 2), "mbid": ""} for place, name in enumerate(near[:NEAR])
        ]
        return web.json_response({"similarartists": {"artist": rows, "@attr": {"artist": artist}}})
