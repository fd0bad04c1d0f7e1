"""The two services on a port of this process, as they are known to answer, and to misbehave."""

import asyncio
import json
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from zlib import crc32

from aiohttp import web

KEY = "0123456789abcdef0123456789abcdef"


class Fake:
    """
    What both have in common: what was asked, and what goes wrong next.

    `trouble` is a list of functions of the request; each answers one request in place of the service.
    """

    def __init__(self, clock):
        self.clock = clock
        self.asked = []
        self.at = []
        self.trouble = []
        self.url = ""

    async def handle(self, request):
        self.asked.append(request)
        self.at.append(self.clock.now())
        if self.trouble:
            trouble = self.trouble[0] if callable(self.trouble) else self.trouble.pop(0)
            answer = trouble(request)
            return await answer if asyncio.iscoroutine(answer) else answer
        return await self.answer(request)

    def paths(self):
        return Counter(request.path.rpartition("/")[2] for request in self.asked)


class FakeOddsApi(Fake):
    """The Odds API: `events` by sport, each with its `bookmakers`, `scores` and `completed`."""

    def __init__(self, clock, quota=500):
        super().__init__(clock)
        self.events = {}
        self.credits = quota
        self.used = 0

    def event(self, ref, home, away, starts, sport="soccer_epl", bookmakers=(), **more):
        event = {
            "id": ref,
            "sport_key": sport,
            "sport_title": "EPL",
            "commence_time": f"{starts:%Y-%m-%dT%H:%M:%SZ}",
            "home_team": home,
            "away_team": away,
            "bookmakers": list(bookmakers),
            "completed": False,
            "scores": None,
            **more,
        }
        self.events.setdefault(sport, []).append(event)
        return event

    async def answer(self, request):
        sport, what = request.path.split("/")[-2:]
        if "apiKey" not in request.query:
            return refusal(401, "MISSING_KEY")
        if request.query["apiKey"] != KEY:
            return refusal(401, "INVALID_KEY")
        if sport not in self.events:
            return refusal(404, "UNKNOWN_SPORT")
        cost = {"events": 0, "odds": len(request.query.get("markets", "").split(",")), "scores": 2}[what]
        if self.used + cost > self.credits:
            return refusal(401, "OUT_OF_USAGE_CREDITS")
        self.used += cost
        fields = {"events": (), "odds": ("bookmakers",), "scores": ("completed", "scores", "last_update")}[what]
        events = [
            {
                key: value
                for key, value in event.items()
                if key not in {"bookmakers", "completed", "scores"} or key in fields
            }
            for event in self.events[sport]
            if what == "scores" or not event["completed"]
        ]
        headers = {
            "x-requests-remaining": str(self.credits - self.used),
            "x-requests-used": str(self.used),
            "x-requests-last": str(cost),
        }
        return web.json_response(events, headers=headers)


class FakeApiSports(Fake):
    """API-Sports: `games` as rows; more than `per_day` requests are refused inside a 200."""

    def __init__(self, clock, per_day=100):
        super().__init__(clock)
        self.games = []
        self.per_day = per_day
        self.used = Counter()

    async def answer(self, request):
        if request.headers.get("x-apisports-key") != KEY:
            return self.says([], {"token": "Error/Missing application key."})
        day = self.clock.now().date()
        if self.used[day] >= self.per_day:
            await asyncio.sleep(12)  # a call over the limit hangs first
            return self.says([], {"requests": "You have reached the request limit for the day."})
        self.used[day] += 1
        return self.says(self.games, remaining=self.per_day - self.used[day])

    def says(self, games, errors=(), remaining=None):
        headers = (
            {}
            if remaining is None
            else {"x-ratelimit-requests-remaining": str(remaining), "X-RateLimit-Remaining": "9"}
        )
        paging = {"current": 1, "total": 1}
        body = {"get": "fixtures", "parameters": {}, "errors": errors or [], "results": len(games), "paging": paging}
        return web.json_response({**body, "response": games}, headers=headers)


def game(ref, home, away, starts, status="NS", goals=(None, None), **scores):
    """A row of API-Sports, with `halftime`, `fulltime`, `extratime` and `penalty`."""

    def both(score):
        return {"home": score[0], "away": score[1]}

    none = (None, None)
    return {
        "fixture": {
            "id": ref,
            "date": starts.astimezone(UTC).isoformat(),
            "timestamp": int(starts.timestamp()),
            "periods": {"first": None, "second": None},
            "status": {"long": "", "short": status, "elapsed": None},
        },
        "league": {"id": 39, "season": starts.year},
        "teams": {side: {"id": crc32(name.encode()), "name": name} for side, name in (("home", home), ("away", away))},
        "goals": both(goals),
        "score": {name: both(scores.get(name, none)) for name in ("halftime", "fulltime", "extratime", "penalty")},
    }  # fmt: skip


def bookmaker(key, told, **markets):
    """A bookmaker's markets, each a list of (name, price) or (name, price, point)."""
    last = f"{told:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "key": key,
        "title": key,
        "last_update": last,
        "markets": [
            {
                "key": name,
                "last_update": last,
                "outcomes": [dict(zip(("name", "price", "point"), outcome, strict=False)) for outcome in outcomes],
            }
            for name, outcomes in markets.items()
        ],
    }


def refusal(status, code):
    body = {"message": "…", "error_code": code, "details_url": "https://example.org"}
    return web.json_response(body, status=status)


async def hangs(request):
    await asyncio.sleep(36_000)
    return web.Response()


def breaks(request):
    request.transport.close()
    return web.Response()


def answers(body, status=200):
    return lambda request: web.Response(text=body if isinstance(body, str) else json.dumps(body), status=status)


@asynccontextmanager
async def serving(*fakes):
    """Each on a name of its own, so that the client takes them for different hosts."""
    runners = []
    try:
        for fake, name in zip(fakes, ("127.0.0.1", "localhost"), strict=False):
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", fake.handle)
            runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
            runners.append(runner)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            fake.url = f"http://{name}:{runner.addresses[0][1]}"
        yield
    finally:
        for runner in runners:
            await runner.cleanup()


def at(clock, **later):
    return (clock.now() + timedelta(**later)).replace(microsecond=0)
