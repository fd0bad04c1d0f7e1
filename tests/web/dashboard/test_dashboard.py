"""The dashboard over HTTP: what it answers to whom, and what it costs."""

import asyncio
import gzip
import json
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import pytest

from steward.runtime.monitor import Alerts, Monitor
from steward.runtime.pages import Pages
from steward.runtime.tasks import TaskState
from steward.store import open_store
from steward.web.dashboard.dashboard import FILES
from steward.web.dashboard.points import keep_point
from steward.web.health import health_pages
from steward.web.metrics import MetricsPage
from steward.web.server import PageServer
from tests.web.dashboard.served import AwayStore, Told, dashboard_of
from tests.web.dashboard.test_points import full
from tests.web.serving import always

PASSWORD = "correct horse battery"


class Site:
    def __init__(self, port, told, store, session):
        self.port, self.told, self.store, self.session = port, told, store, session

    async def ask(self, path, method="GET", **options):
        address = f"http://127.0.0.1:{self.port}{path}"
        async with self.session.request(method, address, allow_redirects=False, **options) as answer:
            return answer.status, answer.headers, await answer.read()

    async def json(self, path, **options):
        status, _, body = await self.ask(path, **options)
        return status, json.loads(body)

    async def sign_in(self, password, **headers):
        return await self.json("/dashboard/api/sign-in", method="POST", json={"password": password}, headers=headers)


@asynccontextmanager
async def site(clock, folder, **options):
    told = Told()
    async with open_store(folder / "db", clock) as store:
        dashboard, _ = dashboard_of(told, AwayStore(store, told), clock, **options)
        metrics = MetricsPage(Monitor(clock), Alerts((), clock))
        pages = PageServer(health_pages(always(True), metrics, Pages(), dashboard), host="127.0.0.1", port=0)
        jar = aiohttp.CookieJar(unsafe=True)
        async with (
            pages.serving(),
            aiohttp.ClientSession(
                cookie_jar=jar, auto_decompress=False, skip_auto_headers=["Accept-Encoding"]
            ) as session,
        ):
            yield Site(pages.port, told, store, session)


async def test_this_machine_sees_how_the_bot_is_without_signing_in(clock, tmp_path):
    async with site(clock, tmp_path) as here:
        assert (await here.ask("/"))[1]["Location"] == "dashboard/"
        assert (await here.ask("/dashboard"))[1]["Location"] == "dashboard/"
        status, headers, body = await here.ask("/dashboard/")
        assert (status, b"<title>Steward</title>" in body) == (200, True)
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        here.told.alert, here.told.problems = "Memory is short.", ["Post: not sent."]
        failing = TaskState("rename counters", failures=4, last_error="Discord is away.", failing=True)
        here.told.tasks = [failing, TaskState("run jobs")]
        status, said = await here.json("/dashboard/api/now")
        assert [(one["severity"], one["sentence"]) for one in said["alerts"]] == [("serious", "Memory is short.")]
        assert said["problems"] == ["Post: not sent."], "alerts are told once"
        assert [one["name"] for one in said["tasks"]] == ["rename counters"]
        assert said["numbers"]["memory"] == 50
        assert said["logins"] == {"left": 997, "of": 1000}
        assert said["hour_before"] is None


async def test_a_request_under_another_name_or_that_would_change_something_is_refused(clock, tmp_path):
    async with site(clock, tmp_path) as here:
        for host in ("evil.example", "127.0.0.1.evil.example", f"127.1:{here.port}", f"localhost@evil:{here.port}"):
            for path in ("/dashboard/", "/dashboard/api/now", "/"):
                assert (await here.ask(path, headers={"Host": host}))[0] == 421, (host, path)
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert (await here.ask("/dashboard/api/now", method))[0] == 405
            assert (await here.ask("/dashboard/", method))[0] == 405
        for path in ("%2e%2e/%2e%2e/.env", "static/%2e%2e/x", "api/other", "api/series?span=1y"):
            assert (await here.ask(f"/dashboard/{path}"))[0] == 404, path


async def test_with_a_password_nothing_is_told_before_signing_in(clock, tmp_path):
    async with site(clock, tmp_path, password=PASSWORD, hosts=("bot.example.org",)) as here:
        assert await here.json("/dashboard/api/now") == (401, {"error": "Sign in.", "sign_in": True})
        assert (await here.ask("/dashboard/"))[0] == 200, "the page holds no data"
        assert (await here.sign_in("wrong")) == (403, {"error": "That's not the password.", "wait": 0.0})
        assert (await here.sign_in(PASSWORD, Origin="https://evil.example"))[0] == 403
        form = {"data": {"password": PASSWORD}, "method": "POST"}
        assert (await here.ask("/dashboard/api/sign-in", **form))[0] == 403, "a foreign form cannot send JSON"
        for body in (b"", b"[]", b'{"password": 1}', b"x" * 100_000, b"\xff"):
            sent = {"data": body, "headers": {"Content-Type": "application/json"}, "method": "POST"}
            assert (await here.ask("/dashboard/api/sign-in", **sent))[0] in {403, 429}
        clock_started = clock.monotonic()
        while (await here.sign_in(PASSWORD))[0] == 429:
            await asyncio.sleep(60)
        assert clock.monotonic() - clock_started < 600
        assert (await here.json("/dashboard/api/now"))[0] == 200
        assert (await here.json("/dashboard/api/now", headers={"Host": "bot.example.org"}))[0] == 200
        (cookie,) = here.session.cookie_jar
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", "")
        await here.ask("/dashboard/api/sign-in", "DELETE")
        assert (await here.json("/dashboard/api/now"))[0] == 401


async def test_a_session_is_sent_by_tls_only_where_a_proxy_ends_it(clock, tmp_path):
    async with site(clock, tmp_path, password=PASSWORD) as here:
        sent = {"json": {"password": PASSWORD}, "headers": {"X-Forwarded-Proto": "https"}}
        status, headers, _ = await here.ask("/dashboard/api/sign-in", "POST", **sent)
        assert (status, "; Secure" in headers["Set-Cookie"]) == (200, True)


async def test_series_are_told_whole_and_then_by_what_is_new(clock, tmp_path):
    async with site(clock, tmp_path) as here:
        now = int(clock.now().timestamp()) // 60 * 60
        for number in range(90, 0, -1):
            point = {"at": now - 60 * number, "point": full(number), "starts": number == 7}
            await here.store.write(partial(keep_point, **point))
        _, hour = await here.json("/dashboard/api/series?span=1h")
        assert len(hour["at"]) == len(hour["memory"]) == 60
        assert (hour["step"], hour["starts"]) == (60, [now - 420])
        _, new = await here.json(f"/dashboard/api/series?span=1h&after={now - 120}")
        assert (new["at"], new["memory"]) == ([now - 60], [1.0])
        _, week = await here.json("/dashboard/api/series?span=7d")
        assert (week["step"], len(week["at"])) == (600, 9)
        for after in ("x", "-1", "9" * 400, "\u0665"):
            assert (await here.json(f"/dashboard/api/series?span=1h&after={after}"))[0] == 200


async def test_while_the_database_is_away_the_rest_is_told(clock, tmp_path):
    async with site(clock, tmp_path) as here:
        here.told.is_away = True
        assert (await here.json("/dashboard/api/series?span=1h")) == (503, {"error": "The database doesn't answer."})
        status, said = await here.json("/dashboard/api/now")
        assert (status, said["numbers"]["memory"], said["hour_before"]) == (200, 50, None)


async def test_viewers_share_an_answer_that_is_made_every_five_seconds(clock, tmp_path):
    async with site(clock, tmp_path) as here:
        _, first, _ = await here.ask("/dashboard/api/now")
        here.told.memory = 70
        status, _, body = await here.ask("/dashboard/api/now", headers={"If-None-Match": first["ETag"]})
        assert (status, body) == (304, b"")
        await asyncio.sleep(6)
        here.told.alert = "Memory is short."
        status, _, _ = await here.ask("/dashboard/api/now", headers={"If-None-Match": first["ETag"]})
        assert status == 200


async def test_the_first_view_is_less_than_100_kb_and_a_look_at_it_less_than_5(clock, tmp_path):
    async with site(clock, tmp_path) as here:
        now = int(clock.now().timestamp()) // 60 * 60
        for number in range(60, 0, -1):
            await here.store.write(partial(keep_point, at=now - 60 * number, point=full(number / 7)))
        here.told.problems = [f"Something is wrong with number {number}." for number in range(20)]
        packed = {"Accept-Encoding": "gzip"}
        _, _, look = await here.ask("/dashboard/api/now", headers=packed)
        _, _, series = await here.ask("/dashboard/api/series?span=1h", headers=packed)
        files = {path for path in FILES.files if path != "/index.html"}
        bodies = [(await here.ask(f"/dashboard{path}", headers=packed))[2] for path in files]
        assert json.loads(gzip.decompress(look))["problems"] == here.told.problems
        assert len(look) < 5000
        assert len(look) + len(series) + sum(map(len, bodies)) < 100_000


@pytest.mark.parametrize("path", sorted(FILES.files))
def test_no_file_names_another_host(path):
    content = FILES.files[path].content
    if not path.startswith("/vendor/"):
        assert b"http://" not in content.replace(b"http://www.w3.org/", b"")
        assert b"https://" not in content
