"""
An oracle: Discord's own OpenAPI document judges the simulator's answers.

Its README calls the document a preview, so its known disagreement with the API itself is put right here.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from steward.sim import Simulator

ROOT = "urn:discord"


def document_path() -> Path:
    """Where the document is: in the folder named by STEWARD_SHARED, or beside the clone."""
    named = os.environ.get("STEWARD_SHARED")
    shared = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return shared / "data" / "discord" / "openapi.json"


class Oracle:
    """Judges answers by method, route template and status."""

    def __init__(self, document: dict[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        # Field errors carry words as codes ("BASE_TYPE_REQUIRED"); the document says integers.
        schemas["InnerErrors"]["properties"]["_errors"]["items"] = {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
        self._paths = document["paths"]
        self._responses = document["components"]["responses"]
        resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)

    @staticmethod
    @cache
    def find() -> Oracle | None:
        """Return the oracle, or None where the document is absent."""
        path = document_path()
        return Oracle(json.loads(path.read_text())) if path.is_file() else None

    def knows(self, method: str, route: str) -> bool:
        return method.lower() in self._paths.get(route, {})

    def complaints_of_request(self, method: str, route: str, body: Any) -> list[str]:
        """Return what is wrong with the JSON body of a request; nothing for a good one."""
        content = self._paths[route][method.lower()].get("requestBody", {}).get("content", {})
        if body is None or "application/json" not in content:
            return []
        schema = _absolute(content["application/json"]["schema"])
        validator = Draft202012Validator(schema, registry=self._registry)
        return [f"request {error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]

    def complaints(self, method: str, route: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer; nothing for a good one."""
        responses = self._paths[route][method.lower()]["responses"]
        found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        if found is None:
            return [f"{method} {route} never answers {status}, says the document"]
        if "$ref" in found:
            found = self._responses[found["$ref"].rsplit("/", 1)[1]]
        content = found.get("content")
        if content is None:
            return [] if body is None else [f"{status} has no body, says the document"]
        schema = _absolute(next(iter(content.values()))["schema"])
        validator = Draft202012Validator(schema, registry=self._registry)
        return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]


def judge_product(sim: Simulator, *, each: int = 3) -> None:
    """See that what a bot asked, and what it was answered, is as the document says: the first few of each kind."""
    oracle = Oracle.find()
    if oracle is None:
        return
    seen: Counter[tuple[str, str, int]] = Counter()
    for request in sim.recorder.requests():
        kind = (request.method, request.route, request.status)
        seen[kind] += 1
        if seen[kind] > each or request.status == 0 or request.status >= 500 or not oracle.knows(*kind[:2]):
            continue
        if request.status >= 400 and request.result is None:
            continue  # a fault by script: its body is not kept
        complaints = oracle.complaints(*kind, request.result)
        if request.status < 300:
            complaints += oracle.complaints_of_request(*kind[:2], request.body)
        assert not complaints, f"{kind}: {complaints}"


def judge_all(sim: Simulator) -> int:
    """See that every remembered answer is as Discord's document says; return how many it knows."""
    oracle = Oracle.find()
    if oracle is None:
        return 0
    judged = 0
    for request in sim.recorder.requests():
        if request.status == 0 or request.status >= 500 or not oracle.knows(request.method, request.route):
            continue
        complaints = oracle.complaints(request.method, request.route, request.status, request.result)
        assert not complaints, f"{request.method} {request.route} {request.status}: {complaints}"
        judged += 1
    return judged


def _absolute(node: Any) -> Any:
    """Make the references of a schema absolute, so that the registry resolves them."""
    if isinstance(node, dict):
        return {
            key: ROOT + value if key == "$ref" and str(value).startswith("#") else _absolute(value)
            for key, value in node.items()
        }
    return [_absolute(item) for item in node] if isinstance(node, list) else node
