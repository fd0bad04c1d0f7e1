"""A process that is killed while it bets and settles loses nothing that it confirmed, and its books add up."""

import pytest

from tests.chaos.bets import killed

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]
KILLS = 12


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mysql"])
def test_bets_survive_kills_at_any_time(databases, tmp_path, engine):
    with databases.fresh(engine, tmp_path) as url:
        tally = killed(url, KILLS, seed=7)
    assert tally.wrong == []
    assert min(tally.confirmed[name] for name in ("placed", "results told")) > 0, tally.confirmed
