from steward.runtime.http.hosts import REMEMBERED, HostLimits, Hosts
from tests.runtime.hand_clock import HandClock


async def test_the_number_of_hosts_is_bounded_and_busy_ones_stay():
    hosts = Hosts(HandClock(), HostLimits())
    busy = hosts.of("busy.example")
    async with busy.bulkhead:
        for number in range(3 * REMEMBERED):
            hosts.of(f"{number}.example")
        assert hosts.of("busy.example") is busy
        assert len(hosts.all()) <= REMEMBERED + 1
    hosts.of("one.more.example")
    assert len(hosts.all()) == REMEMBERED
