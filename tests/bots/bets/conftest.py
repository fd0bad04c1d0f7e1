import pytest

from tests.bots.bets.oracle import FILE, oracle


@pytest.fixture
def case(request, shared_data):
    """The case that `cases` named."""
    path = shared_data / FILE
    if not path.is_file():
        pytest.skip(f"no worked cases here: {path} does not exist")
    key, at = request.param
    return oracle(path)[key][at]
