"""A taken port turns off the pages, not the bot (F76)."""

import asyncio
import socket

from structlog.testing import capture_logs

from tests.web.serving import page_server


def taken_port():
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    holder.listen()
    return holder, holder.getsockname()[1]


async def test_a_taken_port_is_a_problem_with_a_remedy_and_is_bound_once_free(clock):
    holder, port = taken_port()
    server = page_server(port)
    with capture_logs() as lines:
        async with server.serving(), asyncio.TaskGroup() as group:
            trying = group.create_task(server.keep_trying())
            await asyncio.sleep(600)
            assert not trying.done()
            assert server.address is None
            assert f"port {port} (address already in use)" in server.problem
            assert "STEWARD_HEALTH_PORT" in server.problem
            holder.close()
            await asyncio.sleep(70)
            assert trying.done()
            assert server.problem is None
            assert server.address == f"http://127.0.0.1:{port}"
    assert [line["event"] for line in lines] == ["health_pages_unavailable", "health_pages_served"]


async def test_an_address_of_another_machine_is_a_problem_too():
    server = page_server(8080)
    server._host = "192.0.2.1"  # a block for documentation (RFC 5737): no machine has it
    async with server.serving():
        assert "address" in server.problem
