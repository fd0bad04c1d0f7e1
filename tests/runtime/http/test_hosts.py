from steward.runtime.http.hosts import REMEMBERED, HostLimits, Hosts
from tests.runtime.hand_clock import HandClock


async def test_so_many_hosts_are_remembered_and_those_in_use_among_them():
    hosts = Hosts(HandClock(), HostLimits())
    busy = hosts.of("busy.example")
    async with busy.bulkhead:
        for number in range(3 * REMEMBERED):
            hosts.of(f"{number}.example")
        assert hosts.of("busy.example") is busy
        assert len(hosts.all()) <= REMEMBERED + 1
    hosts.of("one.more.example")
    assert len(hosts.all()) == REMEMBERED
