"""The client against a real misbehaving server, in virtual time."""

from __future__ import annotations

import asyncio
import gzip
import socket
from functools import partial

import pytest
from structlog.testing import capture_logs

from steward.errors import StewardError
from steward.runtime.cache import Cache
from steward.runtime.http import AnswerSource, HostAway, HostLimits, HttpClient, HttpRefused, Unusable
from steward.runtime.resilience import CircuitOpen, Overloaded, TimedOut
from tests.runtime.http.service import breaks_off, drops, falls_silent, never_ends, says, serving

QUICK = HostLimits(timeout=10, attempts=3)


def now():
    return asyncio.get_running_loop().time()


async def test_json_is_parsed_whatever_the_content_type(clock):
    async with serving(says('{"points": 3}', Content_Type="text/html")) as service, HttpClient(clock) as http:
        answer = await http.get(service.url, params={"season": 2026})
        assert (answer.json(), answer.status, answer.source) == ({"points": 3}, 200, AnswerSource.NETWORK)
        assert service.requests[0].query["season"] == "2026"
        assert service.requests[0].headers["User-Agent"] == "Steward"


@pytest.mark.parametrize(
    ("body", "kind"),
    [("<html>sign in</html>", "a web page"), ("", "nothing"), ("points: 3", "something else"), ("[" * 100_000, "some")],
)
async def test_invalid_json_gives_a_readable_error(clock, body, kind):
    async with serving(says(body, Content_Type="application/json")) as service, HttpClient(clock) as http:
        answer = await http.get(service.url)
        with pytest.raises(Unusable, match=rf"127\.0\.0\.1 answers with {kind}.* where JSON was expected"):
            answer.json()


@pytest.mark.parametrize("trouble", [says(status=500), says(status=503), says(status=429), drops, breaks_off])
async def test_transient_failures_are_retried(clock, trouble):
    async with serving(trouble, trouble, trouble, says("[1]")) as service, HttpClient(clock) as http:
        assert (await http.get(service.url)).json() == [1]


@pytest.mark.parametrize(
    ("trouble", "said", "status"),
    [
        (says(status=502), r"is unavailable \(502\)", 502),
        (says(status=429), r"is unavailable \(429\)", 429),
        (drops, "cannot be reached, or the connection broke", 0),
        (breaks_off, "cannot be reached, or the connection broke", 0),
    ],
)
async def test_a_lasting_failure_gives_a_readable_error(clock, trouble, said, status):
    async with serving(trouble) as service, HttpClient(clock, limits=QUICK) as http:
        with pytest.raises(HostAway, match=said) as away:
            await http.get(service.url + "?key=secret")
        assert (away.value.host, away.value.status) == ("127.0.0.1", status)
        assert "secret" not in str(away.value)


async def test_a_service_that_is_asked_too_often_may_say_which_limit_it_was(clock):
    said = '{"error_code": "OUT_OF_USAGE_CREDITS"}'
    async with serving(says(said, status=429, Retry_After="7")) as service, HttpClient(clock, limits=QUICK) as http:
        with pytest.raises(HostAway) as away:
            await http.send("POST", service.url)
        assert (away.value.body, away.value.retry_after) == (said.encode(), 7)
        assert away.value.headers["retry-after"] == "7", "a service may have headers of its own for that"


@pytest.mark.parametrize("silence", [says(after=3600), falls_silent])
async def test_a_slow_response_times_out(clock, silence):
    async with serving(silence) as service, HttpClient(clock, limits=HostLimits(timeout=10, attempts=1)) as http:
        with pytest.raises(TimedOut, match="No answer within 10 s"):
            await http.get(service.url)
        assert now() == pytest.approx(10, abs=0.01)


async def test_a_silent_server_times_out(clock):
    """Half-open: the kernel takes the connection, nobody reads it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with HttpClient(clock, limits=HostLimits(timeout=5, attempts=2)) as http:
            with pytest.raises(TimedOut):
                await http.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
            assert 10 < now() < 11


async def test_a_refused_connection_gives_a_readable_error(clock):
    async with HttpClient(clock, limits=QUICK) as http:
        with pytest.raises(HostAway, match="cannot be reached"):
            await http.get("http://127.0.0.1:9/")


@pytest.mark.parametrize(("said", "seconds"), [("7", 7), ("Mon, 05 Jan 2026 00:00:20 GMT", 20), ("soon", 0)])
async def test_it_retries_after_the_requested_delay(clock, said, seconds):
    async with serving(says(status=429, Retry_After=said), says("[]")) as service, HttpClient(clock) as http:
        await http.get(service.url)
        first, second = service.at
        assert seconds <= second - first <= seconds + 1


async def test_a_requested_delay_of_ten_minutes_is_reported_instead(clock):
    async with serving(says(status=503, Retry_After="600")) as service, HttpClient(clock) as http:
        with pytest.raises(HostAway) as away:
            await http.get(service.url)
        assert (away.value.retry_after, len(service.requests)) == (600, 1)
        assert now() < 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_refusal_is_not_retried_and_opens_no_circuit(clock, status):
    async with serving(says('{"why": "no"}', status)) as service, HttpClient(clock) as http:
        for _ in range(10):
            with pytest.raises(HttpRefused, match=rf"refuses the request \({status}\)") as refused:
                await http.get(service.url)
        assert (refused.value.status, refused.value.body) == (status, b'{"why": "no"}')
        assert len(service.requests) == 10


async def test_a_failing_host_is_skipped_for_a_minute_then_probed(clock):
    async with serving(says(status=500)) as service, HttpClient(clock, limits=HostLimits(attempts=1)) as http:
        with capture_logs() as lines:
            for _ in range(100):
                with pytest.raises((HostAway, CircuitOpen)):
                    await http.get(service.url)
            assert len(service.requests) == 5
            await asyncio.sleep(60)
            service.script = [says("[]")]
            await http.get(service.url)
            await http.get(service.url)
        assert [line["event"] for line in lines] == ["circuit_opened", "circuit_closed"]
        assert http.hosts["127.0.0.1"].breaker.refused == 95


@pytest.mark.parametrize("trouble", [says(status=503), drops, says(after=60)])
async def test_a_post_is_sent_once_unless_idempotent(clock, trouble):
    async with serving(trouble, says("{}")) as service, HttpClient(clock, limits=QUICK) as http:
        with pytest.raises(StewardError):
            await http.send("POST", service.url, json={"bet": 5})
        assert len(service.requests) == 1
    async with serving(trouble, says("{}")) as service, HttpClient(clock, limits=QUICK) as http:
        await http.send("post", service.url, json={"bet": 5}, headers={"Idempotency-Key": "1"}, idempotent=True)
        assert [request.method for request in service.requests] == ["POST", "POST"]


async def test_a_put_is_retried_unless_not_idempotent(clock):
    async with serving(says(status=503), says("{}")) as service, HttpClient(clock) as http:
        await http.send("PUT", service.url, data=b"whole")
        assert len(service.requests) == 2
        service.script = [drops]  # of a connection that was kept, at that
        with pytest.raises(HostAway):
            await http.send("PUT", service.url, data=b"whole", idempotent=False)
        assert len(service.requests) == 3


@pytest.mark.parametrize(
    "large",
    [
        says(b"x" * 2_000_000),
        never_ends,
        says(gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip"),
    ],
    ids=["announced", "endless", "bomb"],
)
async def test_a_body_that_is_too_large_is_not_read(clock, large):
    async with serving(large) as service, HttpClient(clock, largest=1 << 20) as http:
        with pytest.raises(Unusable, match="sends more than 1 MB"):
            await http.get(service.url)
        assert len(service.requests) == 1


async def test_a_redirect_loop_gives_a_readable_error(clock):
    async with serving(says(status=302, Location="/table")) as service, HttpClient(clock) as http:
        with pytest.raises(Unusable, match="redirects in a loop"):
            await http.get(service.url)
        with pytest.raises(Unusable, match="cannot be redirected"):
            await http.send("POST", service.url)
        assert len(service.requests) < 10


async def test_a_client_that_follows_no_redirect_says_so(clock):
    async with (
        serving(says(status=302, Location="/table")) as service,
        HttpClient(clock, follow_redirects=False) as http,
    ):
        for ask in (http.get, partial(http.send, "GET")):
            with pytest.raises(Unusable, match=r"redirects \(302\)"):
                await ask(service.url)
        assert len(service.requests) == 2


@pytest.mark.parametrize("address", ["ftp://example.org/", "not an address", "http://", "https://[::1", "file:///etc"])
async def test_an_invalid_url_gives_a_readable_error(clock, address):
    async with HttpClient(clock) as http:
        with pytest.raises(Unusable, match="The address"):
            await http.get(address)


async def test_concurrent_equal_requests_are_sent_once(clock):
    seen = []
    async with serving(says("[1]", after=1)) as service, HttpClient(clock, observe=seen.append) as http:
        answers = await asyncio.gather(*(http.get(service.url, params={"a": 1}) for _ in range(50)))
        assert [answer.json() for answer in answers] == [[1]] * 50
        assert len(service.requests) == 1
        await asyncio.gather(http.get(service.url, params={"a": 2}), http.get(service.url, headers={"X": "other"}))
        assert len(service.requests) == 3
    assert sorted({exchange.outcome for exchange in seen}) == ["network", "shared"]
    assert [exchange.outcome for exchange in seen].count("shared") == 49


async def test_a_shared_request_is_cancelled_with_its_last_caller(clock):
    async with serving(says("[1]", after=5)) as service, HttpClient(clock) as http:
        tasks = [asyncio.create_task(http.get(service.url)) for _ in range(3)]
        await asyncio.sleep(1)
        tasks[0].cancel()
        assert (await tasks[1]).json() == [1]
        assert (await tasks[2]).json() == [1]
        lonely = asyncio.create_task(http.get(service.url))
        await asyncio.sleep(1)
        lonely.cancel()
        await asyncio.sleep(0.1)
        assert (service.running, len(service.requests)) == (0, 2)


async def test_concurrent_and_waiting_requests_per_host_are_bounded(clock):
    limits = HostLimits(at_once=3, queue=7)
    async with serving(says("[]", after=1)) as service, HttpClient(clock, limits=limits) as http:
        asked = (http.get(service.url, params={"n": number}) for number in range(15))
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert service.most == 3
        assert sum(isinstance(result, Overloaded) for result in results) == 5
        assert len(service.requests) == 10


async def test_a_fresh_response_is_cached_and_an_old_one_revalidated(clock):
    first = says("[1]", ETag='"one"', Cache_Control="max-age=60")
    confirmed = says("", 304, ETag='"one"', Cache_Control="max-age=60")
    async with serving(first, confirmed, says("[2]", ETag='"two"')) as service, HttpClient(clock) as http:
        sources = []
        for _ in range(5):
            answer = await http.get(service.url)
            sources.append((answer.source.value, answer.json()))
            await asyncio.sleep(40)
        assert sources == [
            ("network", [1]),
            ("cached", [1]),
            ("revalidated", [1]),
            ("cached", [1]),
            ("network", [2]),
        ]
        assert service.requests[1].headers["If-None-Match"] == '"one"'
        assert service.requests[2].headers["If-None-Match"] == '"one"'


async def test_last_modified_is_a_validator_too(clock):
    date = "Sun, 04 Jan 2026 00:00:00 GMT"
    async with serving(says("[1]", Last_Modified=date), says("", 304)) as service, HttpClient(clock) as http:
        await http.get(service.url)
        assert (await http.get(service.url)).source is AnswerSource.REVALIDATED
        assert service.requests[1].headers["If-Modified-Since"] == date


@pytest.mark.parametrize("forbids", [{"Cache_Control": "no-store, max-age=60"}, {"Vary": "*", "ETag": '"x"'}])
async def test_no_store_is_respected(clock, forbids):
    cache = Cache(monotonic=clock.monotonic)
    async with serving(says("[1]", **forbids)) as service, HttpClient(clock, cache=cache) as http:
        await http.get(service.url)
        assert len(cache) == 0


async def test_a_large_response_does_not_evict_all_others(clock):
    cache = Cache(monotonic=clock.monotonic)
    small, large = (says("x" * size, Cache_Control="max-age=60") for size in (1_000_000, 1_100_000))
    async with serving(small, large) as service, HttpClient(clock, cache=cache) as http:
        await http.get(service.url)
        await http.get(service.url, params={"page": 2})
        assert (await http.get(service.url)).source is AnswerSource.CACHED
        assert len(cache) == 1


async def test_a_stale_response_is_used_during_an_outage_if_allowed(clock):
    limits = HostLimits(attempts=1, failure_threshold=10)
    async with serving(says("[1]"), says(status=503)) as service, HttpClient(clock, limits=limits) as http:
        await http.get(service.url, stale_for=3600)
        answer = await http.get(service.url, stale_for=3600)
        assert (answer.json(), answer.source) == ([1], AnswerSource.STALE)
        with pytest.raises(HostAway):
            await http.get(service.url)
        await asyncio.sleep(3600)
        with pytest.raises(HostAway):
            await http.get(service.url, stale_for=3600)
    strict = says("[1]", Cache_Control="must-revalidate")
    async with serving(strict, says(status=503)) as service, HttpClient(clock, limits=QUICK) as http:
        await http.get(service.url, stale_for=3600)
        with pytest.raises(HostAway):
            await http.get(service.url, stale_for=3600)


async def test_each_attempt_is_observed(clock):
    seen = []
    script = says(status=500), drops, says("[]", after=2)
    async with serving(*script) as service, HttpClient(clock, observe=seen.append) as http:
        await http.send("PUT", service.url)
    assert [(one.host, one.method, one.outcome, one.status) for one in seen] == [
        ("127.0.0.1", "PUT", "failed", 500),
        ("127.0.0.1", "PUT", "failed", 0),
        ("127.0.0.1", "PUT", "network", 200),
    ]
    assert seen[2].seconds == pytest.approx(2, abs=0.01)


async def test_closing_cancels_requests_in_flight(clock):
    async with serving(says(after=60)) as service:
        async with HttpClient(clock) as http:
            task = asyncio.create_task(http.get(service.url))
            await asyncio.sleep(1)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert now() < 5
    with pytest.raises(RuntimeError, match="not open"):
        await HttpClient(clock).get("http://127.0.0.1:9/")
