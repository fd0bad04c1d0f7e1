import asyncio
import sys

import pytest

from steward.cli.checks.redis import check_redis
from tests.runtime.cache.servers import RedisProcess, free_port, misbehaving

pytestmark = pytest.mark.real_time


def test_a_redis_that_answers_is_ok_with_its_version(tmp_path):
    with RedisProcess(tmp_path, "--requirepass", "p/w") as server:
        finding = check_redis(server.url.replace("redis://", "redis://:p%2Fw@"))
    assert finding.status == "ok"
    assert f"127.0.0.1:{server.port} answers, version " in finding.finding


@pytest.mark.parametrize("user", ["", ":wrong@"])
def test_a_missing_or_wrong_password_is_reported_without_repeating_it(tmp_path, user):
    with RedisProcess(tmp_path, "--requirepass", "right") as server:
        finding = check_redis(server.url.replace("redis://", f"redis://{user}"))
    assert finding.status == "warn"
    assert "refuses the password" in finding.finding
    assert "Check the user and the password" in finding.remedy
    assert "wrong" not in finding.finding.replace("WRONGPASS", "")


def test_an_unreachable_redis_is_a_warning_because_the_bot_continues_in_memory():
    finding = check_redis(f"redis://:hunter2@127.0.0.1:{free_port()}/0")
    assert finding.status == "warn"
    assert "The bot continues in memory." in finding.finding
    assert "hunter2" not in finding.finding + finding.remedy


async def test_another_program_or_a_redis_that_never_answers_is_reported():
    for answer in (b"HTTP/1.1 400 Bad Request\r\n\r\n", None):
        async with misbehaving(answer) as url:
            finding = await asyncio.to_thread(check_redis, url, within=0.3)
        assert finding.status == "warn"
        assert finding.remedy


async def test_a_version_too_old_for_the_limits_is_a_warning():
    info = b"redis_version:3.0.6\r\n"
    script = iter([b"+OK\r\n", b"$%d\r\n%s\r\n" % (len(info), info), b":1\r\n"])

    async def serve(reader, writer):
        while request := await reader.read(65536):
            writer.write(b"+OK\r\n" if b"CLIENT" in request else next(script))
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        finding = await asyncio.to_thread(check_redis, f"redis://127.0.0.1:{port}/0", within=1.0)
        await asyncio.sleep(0.01)  # both ends are closed
    assert finding.status == "warn"
    assert "version 3.0.6" in finding.finding


def test_without_the_library_the_bot_would_not_start(monkeypatch):
    monkeypatch.setitem(sys.modules, "valkey", None)
    finding = check_redis("redis://127.0.0.1:6379/0")
    assert finding.status == "fail"
    assert "steward[redis]" in finding.remedy
