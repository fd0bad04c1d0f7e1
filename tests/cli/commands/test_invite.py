"""The link that adds the bot to a server."""

import json

import pytest

from steward.client.access.permissions import NEEDED, invite_link
from tests.cli.test_main import run
from tests.settings.examples import LEAST


@pytest.mark.real_time
def test_the_link_is_that_of_the_tokens_application_or_of_the_one_named(tmp_path):
    of_token = run("invite", cwd=tmp_path, **LEAST)
    assert (of_token.returncode, of_token.stdout) == (0, invite_link("123456789012345678") + "\n")
    named = json.loads(run("invite", "--id", "613425648685547541", "--json", cwd=tmp_path).stdout)
    assert named["link"] == invite_link(613425648685547541)
    assert named["permissions"] == NEEDED.labels()
    assert "Administrator" not in named["permissions"]
