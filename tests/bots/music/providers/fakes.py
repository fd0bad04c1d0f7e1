"""The music services on ports of this process, as they are known to answer, and to misbehave."""

import asyncio
import base64
import json
import re
from collections import deque
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid5

from aiohttp import web

from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import music_client
from steward.runtime.cache import Cache

KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "6f1d3b62-0c55-4f0c-9f8a-1b2c3d4e5f60"
CONTACT = "https://steward.example.org"
STAR = "https://lastfm.freetls.fastly.net/i/u/300x300/2a96cbd8b46e442fc41c2b86b821562f.png"
COVER = "https://lastfm.freetls.fastly.net/i/u/300x300/7c9c4d1009514b178c82f2201e3a1fce.jpg"
AGENT = re.compile(r"\S+/\S+ \( \S+ \)")


class Fake:
    """
    What all have in common: what was asked, and what goes wrong next.

    `trouble` is a list of functions of the request, each of which answers one request in place of the service; or one
    function, which answers all.
    """

    def __init__(self, clock):
        self.clock = clock
        self.asked = []
        self.at = []
        self.trouble = []
        self.body = b""
        self.url = ""

    async def handle(self, request):
        self.body = await request.read()
        self.asked.append(request)
        self.at.append(self.clock.monotonic())
        trouble = self.trouble if callable(self.trouble) else self.trouble.pop(0) if self.trouble else None
        answer = self.answer(request) if trouble is None else trouble(request)
        return await answer if asyncio.iscoroutine(answer) else answer

    def within(self, count, seconds):
        """Whether no more requests than that came in so many seconds."""
        now = self.clock.monotonic()
        return sum(now - at < seconds for at in self.at) <= count


class FakeLastFm(Fake):
    """
    Last.fm: what was heard and what is loved by listener, the latest first; similar artists, tags and corrections.

    Its JSON is what its XML becomes: a list of one is an object, an empty one is missing, numbers are texts.
    """

    def __init__(self, clock):
        super().__init__(clock)
        self.heard = {}
        self.loved = {}
        self.playing = {}
        self.private = set()
        self.similar = {}
        self.tags = {}
        self.corrections = {}

    def answer(self, request):
        asked = request.query
        if asked.get("api_key") != KEY:
            return said({"error": 10, "message": "Invalid API key - You must be granted a valid key by last.fm"}, 403)
        if not self.within(5, 1):
            return said({"error": 29, "message": "Rate Limit Exceeded"}, 429)
        method = asked["method"].lower().replace(".", "_")
        return getattr(self, method)(asked)

    def _listener(self, asked, tracks, root):
        name = asked["user"].lower()
        if name in self.private:
            return said({"error": 17, "message": "Login: User required to be logged in"}, 403)
        if name not in tracks:
            return said({"error": 6, "message": "User not found"}, 404)
        until = int(asked.get("to", 10**12))
        since = int(asked.get("from", 0))
        found = [one for one in tracks[name] if since <= int(inside(one, "date", "uts", 0)) < until]
        size, page = int(asked.get("limit", 50)), int(asked.get("page", 1))
        shown = found[(page - 1) * size : page * size]
        if root == "recenttracks" and name in self.playing:
            shown = [self.playing[name], *shown]  # on each page, and one more than the limit
        counts = {"total": len(found), "perPage": size, "page": page, "totalPages": -(-len(found) // size)}
        attributes = {"user": name, **{key: str(value) for key, value in counts.items()}}
        return said({root: {**listed("track", shown), "@attr": attributes}})

    def user_getrecenttracks(self, asked):
        return self._listener(asked, self.heard, "recenttracks")

    def user_getlovedtracks(self, asked):
        return self._listener(asked, self.loved, "lovedtracks")

    def _artist(self, asked):
        name = asked["artist"]
        return self.corrections.get(name.lower(), name) if asked.get("autocorrect") == "1" else name

    def artist_getsimilar(self, asked):
        name = self._artist(asked)
        if name.lower() not in self.similar:
            return said({"similarartists": {"artist": [], "@attr": {"artist": "[unknown]"}}})
        rows = self.similar[name.lower()][: int(asked["limit"])]
        return said({"similarartists": {**listed("artist", rows), "@attr": {"artist": name}}})

    def artist_gettoptags(self, asked):
        name = self._artist(asked)
        if name.lower() not in self.tags:
            return said({"error": 6, "message": "The artist you supplied could not be found", "links": []})
        return said({"toptags": {**listed("tag", self.tags[name.lower()]), "@attr": {"artist": name}}})

    def artist_getcorrection(self, asked):
        name = asked["artist"]
        if name.lower() not in self.corrections:
            return said({"corrections": "\n    "})
        corrected = {"name": self.corrections[name.lower()], "mbid": mbid(self.corrections[name.lower()]), "url": ""}
        return said({"corrections": {"correction": {"artist": corrected, "@attr": {"index": "0"}}}})

    def artist_search(self, asked):
        rows = [
            {"name": name, "listeners": "12", "mbid": "", "url": f"https://www.last.fm/music/{name}", **art(STAR)}
            for name in self.tags
            if asked["artist"].lower() in name
        ]
        counts = {"opensearch:totalResults": str(len(rows)), "opensearch:Query": {"#text": "", "role": "request"}}
        return said({"results": {**counts, "artistmatches": listed("artist", rows)}})


class FakeListenBrainz(Fake):
    """ListenBrainz with its laboratory; an agent without a contact is blocked, and limits are in headers."""

    def __init__(self, clock, per_window=30):
        super().__init__(clock)
        self.heard = {}
        self.playing = {}
        self.similar = {}
        self.tags = {}
        self.refused = {}
        self.owners = {TOKEN: "ada"}
        self.per_window = per_window
        self.window = deque()

    def answer(self, request):
        if not AGENT.fullmatch(request.headers.get("User-Agent", "")):
            return web.Response(status=403, text="<html>Your IP was blocked</html>")
        now = self.clock.monotonic()
        while self.window and self.window[0] <= now - 10:
            self.window.popleft()
        left = self.per_window - len(self.window)
        reset = str(round(10 - now + self.window[0] if self.window else 10) + 1)
        headers = {"X-RateLimit-Limit": str(self.per_window), "X-RateLimit-Reset-In": reset}
        if left <= 0:
            return said({"code": 429, "error": "Too many requests."}, 429, {**headers, "X-RateLimit-Remaining": "0"})
        self.window.append(now)
        answer = self._answer(request, request.path.strip("/").split("/"))
        answer.headers.update({**headers, "X-RateLimit-Remaining": str(left - 1)})
        return answer

    def _answer(self, request, path):  # noqa: PLR0911
        asked = request.query
        if path[0] == "similar-artists":
            if "filter_True" not in asked["algorithm"]:
                return said({"code": 400, "error": "Unknown algorithm"}, 400)
            return said(self.similar.get(asked["artist_mbids"], []))
        if path[1] == "validate-token":
            owner = self.owners.get(request.headers.get("Authorization", "").removeprefix("Token "))
            found = {"code": 200, "message": "Token valid.", "valid": True, "user_name": owner}
            return said(found if owner else {"code": 200, "message": "Token invalid.", "valid": False})
        if path[1] == "metadata":
            return said([{"artist_mbid": asked["artist_mbids"], "tag": {"artist": self.tags[asked["artist_mbids"]]}}]
                        if asked["artist_mbids"] in self.tags else [])  # fmt: skip
        if path[1] == "do-not-recommend":
            return self._refuse(request, path[2])
        listener = path[2].lower()
        if path[3] == "do-not-recommend":
            rows = self.refused.get(listener, [])[int(asked["offset"]) :][: int(asked["count"])]
            return said({"results": rows, "count": len(rows), "total_count": len(self.refused.get(listener, []))})
        if listener not in self.heard:
            return said({"code": 404, "error": f"Cannot find user: {listener}"}, 404)
        if path[3] == "playing-now":
            rows = [self.playing[listener]] if listener in self.playing else []
            return said({"payload": {"count": len(rows), "user_id": listener, "playing_now": True, "listens": rows}})
        before = int(asked.get("max_ts", 10**12))
        rows = [one for one in self.heard[listener] if one["listened_at"] < before][: int(asked.get("count", 25))]
        return said({"payload": {"count": len(rows), "user_id": listener, "listens": rows}})

    def _refuse(self, request, what):
        owner = self.owners.get(request.headers.get("Authorization", "").removeprefix("Token "))
        if owner is None:
            return said({"code": 401, "error": "Invalid authorization token."}, 401)
        body = json.loads(self.body)
        UUID(body["entity_mbid"])
        rows = [one for one in self.refused.get(owner, []) if one["entity_mbid"] != body["entity_mbid"]]
        self.refused[owner] = [{"created": 1, **body}, *rows] if what == "add" else rows
        return said({"status": "ok"})


class FakeMusicBrainz(Fake):
    """MusicBrainz: artists by what is searched for; more than one request a second is a 503."""

    SPECIAL = re.compile(r'(?<!\\)[-+!(){}\[\]^"~*?:/&|]|\b(?:AND|OR|NOT)\b')

    def __init__(self, clock):
        super().__init__(clock)
        self.artists = []

    def answer(self, request):
        if not AGENT.fullmatch(request.headers.get("User-Agent", "")):
            return web.Response(status=403, text="<html>no agent</html>")
        if not self.within(1, 0.99):
            return said({"error": "Your requests are exceeding the allowable rate limit."}, 503)
        query = request.query["query"]
        unescaped = re.sub(r"\\.", "x", query)
        if not query.strip() or self.SPECIAL.search(unescaped):
            return said({"error": "Search query syntax error."}, 400)
        name = re.sub(r"\\(.)", r"\1", query).lower()
        rows = [one for one in self.artists if name in f"{one['name']} {one.get('aliases', '')}".lower()]
        return said({"created": "2026-11-29T10:00:00Z", "count": len(rows), "offset": 0, "artists": rows})


class FakeDeezer(Fake):
    """Deezer: artists by id, with related ones; errors come with status 200."""

    def __init__(self, clock, per_five_seconds=50):
        super().__init__(clock)
        self.artists = {}
        self.related = {}
        self.tracks = []
        self.limit = per_five_seconds

    def artist(self, ref, name, **more):
        hashed = f"https://cdn-images.dzcdn.net/images/artist/{ref:032x}/500x500-000000-80-0-0.jpg"
        link = {"link": f"https://www.deezer.com/artist/{ref}", "picture_big": hashed, "type": "artist"}
        self.artists[ref] = {"id": ref, "name": name, **link, **more}

    def answer(self, request):
        if not self.within(self.limit, 5):
            return self.error("Exception", "Quota limit exceeded", 4)
        path = request.path.strip("/").split("/")
        asked = request.query.get("q", "").lower()
        if path == ["search"]:
            return said({"data": self.tracks, "total": len(self.tracks)})
        if path == ["search", "artist"]:
            if not asked:
                return self.error("MissingParameterException", "Missing parameters: q", 501)
            rows = [one for one in self.artists.values() if asked in one["name"].lower()]
            return said({"data": rows, "total": len(rows)})
        if path[0] == "artist" and int(path[1]) in self.artists:
            return said({"data": [self.artists[ref] for ref in self.related.get(int(path[1]), [])]})
        return self.error("DataException", "no data", 800)

    @staticmethod
    def error(kind, message, code, status=200):
        return said({"error": {"type": kind, "message": message, "code": code}}, status)


class FakeSpotify(Fake):
    """Spotify: gives out tokens for an hour, and searches."""

    ID, SECRET = "client-id-of-ours", "a-secret-of-ours-0123456789"

    def __init__(self, clock):
        super().__init__(clock)
        self.tokens = {}
        self.items = {"artist": [], "track": []}
        self.lasts = 3600

    def answer(self, request):
        if request.path == "/api/token":
            pair = base64.b64encode(f"{self.ID}:{self.SECRET}".encode()).decode()
            if request.headers.get("Authorization") != f"Basic {pair}":
                return said({"error": "invalid_client", "error_description": "Invalid client secret"}, 400)
            token = f"BQ-token-{len(self.tokens)}-{'x' * 30}"
            self.tokens[token] = self.clock.monotonic() + self.lasts
            return said({"access_token": token, "token_type": "Bearer", "expires_in": self.lasts})
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= self.clock.monotonic():
            return said({"error": {"status": 401, "message": "The access token expired"}}, 401)
        if int(request.query.get("limit", 5)) > 10:
            return said({"error": {"status": 400, "message": "Invalid limit"}}, 400)
        kind = request.query["type"]
        return said({f"{kind}s": {"items": self.items[kind], "limit": 10, "offset": 0, "total": 1, "next": None}})


class FakeModel(Fake):
    """A server with a language model: `content` is what it says next, in the formats that it knows."""

    def __init__(self, clock, *formats):
        super().__init__(clock)
        self.formats = formats
        self.content = '{"tags": ["ambient"]}'
        self.finish = "stop"
        self.takes = 0.5
        self.bodies = []

    async def answer(self, request):
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return said({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}, 401)
        body = await request.json()
        self.bodies.append(body)
        form = body.get("response_format", {}).get("type", "none")
        if form not in {"none", *self.formats}:
            return said({"error": {"message": f"response_format {form} is not supported", "code": None}}, 400)
        await asyncio.sleep(self.takes)
        message = {"role": "assistant", "content": self.content}
        return said({"choices": [{"index": 0, "message": message, "finish_reason": self.finish}]})


def said(body, status=200, headers=None):
    return web.json_response(body, status=status, headers=headers)


def listed(name, rows):
    """As XML becomes JSON: nothing, an object, or a list."""
    return {} if not rows else {name: rows[0] if len(rows) == 1 else list(rows)}


def art(picture):
    return {"image": [{"size": size, "#text": picture} for size in ("small", "medium", "large", "extralarge")]}


def mbid(name):
    """A MusicBrainz id for a name."""
    return str(uuid5(UUID(int=0), name))


def scrobble(artist, title, at=None, /, *, picture=COVER, **more):
    """A track of Last.fm; without a date it plays now."""
    row = {"artist": {"#text": artist, "mbid": ""}, "name": title, "mbid": "", "album": {"#text": "", "mbid": ""}}
    when = {"@attr": {"nowplaying": "true"}} if at is None else {"date": {"uts": str(at), "#text": "some day"}}
    return {**row, **art(picture), **when, "url": "https://www.last.fm/music/x/_/y", "streamable": "0", **more}


def listen(artist, title, at=None, /, **more):
    """A listen of ListenBrainz; without a date it plays now."""
    told = {"track_metadata": {"artist_name": artist, "track_name": title, "additional_info": {}, **more}}
    return told if at is None else {"listened_at": at, "recording_msid": mbid(str(title)), **told}


def alike(artist, match, **more):
    return {"name": artist, "mbid": "", "match": match, "url": "https://www.last.fm/music/x", **art(STAR), **more}


async def hangs(request):
    await asyncio.sleep(36_000)
    return web.Response()


def breaks(request):
    request.transport.close()
    return web.Response()


def nonsense(request):
    """Answer with what is no HTTP."""
    request.transport.write(b"HTTP/1.1 two hundred\r\n\r\n")
    request.transport.close()
    return web.Response()


def answers(body, status=200, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    data = text.encode() if isinstance(text, str) else text
    return lambda request: web.Response(body=data, status=status, headers=named)


def page_of_html(request):
    return web.Response(text="<!doctype html><title>We'll be back soon</title>", content_type="text/html")


class Served:
    """The client of all services, and the caches."""

    def __init__(self, http, cache):
        self.http = http
        self.cache = cache
        self.caches = ProviderCaches(cache)


@asynccontextmanager
async def serving(clock, *fakes):
    """Each service on an address of its own, so that the client takes them for different hosts."""
    runners = []
    try:
        for number, fake in enumerate(fakes):
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", fake.handle)
            runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True, access_log=None)
            runners.append(runner)
            await runner.setup()
            host = f"127.0.0.{number + 1}"
            await web.TCPSite(runner, host, 0).start()
            fake.url = f"http://{host}:{runner.addresses[0][1]}"
        async with music_client(clock) as http:
            yield Served(http, Cache(monotonic=clock.monotonic))
    finally:
        for runner in runners:
            await runner.cleanup()


def inside(value, first, second, default):
    return (value.get(first) or {}).get(second, default)


def ago(clock, **before):
    """Seconds since 1970 of a moment in the past."""
    return int((clock.now() - timedelta(**before)).timestamp())
