import pytest

from tests.bots.music.kept import InventedMusic, music_tables


@pytest.fixture(scope="session")
def invented():
    """The invented catalogue, learnt, in a database that tests only read."""
    with music_tables() as tx:
        yield InventedMusic(tx)
