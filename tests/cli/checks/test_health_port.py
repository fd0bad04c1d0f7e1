"""The doctor tries the health pages' port as the bot would."""

import asyncio
import socket

import pytest

from steward.cli.checks.machine import check_health_port
from tests.web.serving import serving


def test_a_free_port_is_free_and_0_is_skipped():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    assert check_health_port("127.0.0.1", port).status == "ok"
    assert check_health_port("127.0.0.1", 0).status == "skipped"


def test_a_port_of_another_program_is_a_warning_with_its_remedy():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        holder.settimeout(0.1)
        finding = check_health_port("127.0.0.1", holder.getsockname()[1])
    assert finding.status == "warn"
    assert "address already in use" in finding.finding
    assert "STEWARD_HEALTH_PORT" in finding.remedy


def test_an_address_of_another_machine_is_a_warning():
    assert "cannot assign requested address" in check_health_port("192.0.2.1", 8080).finding


@pytest.mark.real_time
async def test_a_port_of_a_running_steward_is_ok():
    async with serving() as port:
        finding = await asyncio.to_thread(check_health_port, "127.0.0.1", port)
    assert finding.status == "ok"
    assert "running Steward" in finding.finding
