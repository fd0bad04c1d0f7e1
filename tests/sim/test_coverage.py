"""The page of served operations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from steward.sim import coverage
from steward.sim.rest.call import RestAnswer, Route
from steward.sim.rest.unserved import operations
from tests.sim.openapi import document_path

PAGE = Path(__file__).parents[2] / "docs" / "simulator-coverage.md"
DOCUMENT = {"paths": {"/a/{id}": {"get": {"operationId": "get_a"}, "delete": {"operationId": "drop_a"}}}}


def test_the_page_is_current():
    path = document_path()
    if not path.is_file():
        pytest.skip(f"Discord's OpenAPI document is not here: {path}")
    found = coverage.page(json.loads(path.read_text()))
    assert found == PAGE.read_text(), (
        "write it anew: python -m steward.sim.coverage OPENAPI.json docs/simulator-coverage.md"
    )


def test_the_simulator_knows_the_name_of_each_of_discords_operations():
    path = document_path()
    if not path.is_file():
        pytest.skip(f"Discord's OpenAPI document is not here: {path}")
    found = coverage.operations(json.loads(path.read_text()))
    assert sorted(operations()) == sorted((one.method, one.path) for one in found)


def test_served_and_missing_operations_are_told_apart():
    text = coverage.page(
        DOCUMENT, [Route("GET", "/a/{id}", lambda _: RestAnswer(204)), Route("GET", "/b", lambda _: RestAnswer(204))]
    )
    assert "**1 of 2**" in text
    assert "| `GET /a/{id}` | get_a |" in text
    assert "Not served: drop_a." in text
    assert "- `GET /b`" in text


def test_a_missing_document_is_said_plainly(tmp_path, capsys):
    assert coverage.main([str(tmp_path / "none.json"), str(tmp_path / "page.md")]) == 2
    assert coverage.main([]) == 2
    assert "Usage: python -m steward.sim.coverage" in capsys.readouterr().err


def test_the_command_writes_the_page(tmp_path):
    source, target = tmp_path / "openapi.json", tmp_path / "page.md"
    source.write_text(json.dumps(DOCUMENT))
    assert coverage.main([str(source), str(target)]) == 0
    assert "of 2** operations" in target.read_text()
