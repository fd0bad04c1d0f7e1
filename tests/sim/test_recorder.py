"""What bots did, remembered."""

from __future__ import annotations

from datetime import UTC, datetime

from steward.sim.recorder import Recorder, Request

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_counts_are_exact_though_only_the_newest_requests_are_kept():
    recorder = Recorder(keep=10)
    for number in range(100):
        recorder.record(Request(NOW, "GET", "/users/@me", "/users/@me", 429 if number % 4 == 0 else 200))
    assert len(recorder.requests()) == 10
    assert (recorder.count(), recorder.count(status=429)) == (100, 25)
    assert recorder.count(method="PUT") == 0
    assert recorder.count(route="/users/@me", status=200) == 75


def test_results_are_kept_up_to_so_many_bytes_of_the_newest():
    recorder, heard = Recorder(keep_bytes=10_000), []
    recorder.subscribe(heard.append)
    for number in range(100):
        recorder.record(Request(NOW, "GET", "/users/@me", "/users/@me", 200, result=[number, "x" * 990]))
    kept = [request.result[0] for request in recorder.requests()]
    assert kept == [*range(91, 100)]
    assert (recorder.count(), len(heard)) == (100, 100)


def test_what_is_no_json_is_remembered_without_it():
    recorder = Recorder()
    recorder.record(Request(NOW, "POST", "/x", "/x", 500, body={"name": "\udce9"}, result=None))
    (kept,) = recorder.requests()
    assert (kept.status, kept.body) == (500, None)


def test_a_listener_hears_of_each_request_from_then_on():
    recorder, heard = Recorder(keep=1), []
    requests = [Request(NOW, "GET", "/users/@me", "/users/@me", status) for status in (200, 429, 500)]
    recorder.record(requests[0])
    recorder.subscribe(heard.append)
    for request in requests[1:]:
        recorder.record(request)
    assert heard == requests[1:]
