"""
An oracle: Discord's own OpenAPI document judges what the simulator is asked and what it answers.

Its README calls the document a preview, so its known disagreement with the API itself is put right here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema_rs import Draft202012Validator, Registry

from steward.sim import Simulator
from steward.sim.recorder import Request

ROOT, ASKED = "urn:discord", "urn:discord:requests"
NOT_SERVED = 501
LIBRARY = "DiscordBot "
"""How Discord wants a User-Agent to begin (reference.mdx): libraries and the product do, tests' clients do not."""
HANDMADE = "handmade "
"""How the User-Agent begins of the tests' own clients, which may ask for anything."""
_BY_TOKEN = re.compile(r"/interactions/.*/callback|/webhooks/\{webhook_id}/\{webhook_token}.*")
_PERMISSIONS = {"allow", "deny", "permissions", "default_member_permissions"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def document_path() -> Path:
    """Where the document is: in the folder named by STEWARD_SHARED, or beside the clone."""
    named = os.environ.get("STEWARD_SHARED")
    shared = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return shared / "data" / "discord" / "openapi.json"


class Oracle:
    """Judges requests and answers by method, route template and status; schemas are compiled when first needed."""

    def __init__(self, document: dict[str, Any]) -> None:
        _put_right(document)
        self._document = document
        self._registry = Registry([(ROOT, document), (ASKED, _as_asked(document))])
        self._compiled = cache(self._compile)

    @staticmethod
    @cache
    def find() -> Oracle | None:
        """Return the oracle, or None where the document is absent."""
        path = document_path()
        return Oracle(json.loads(path.read_text())) if path.is_file() else None

    def knows(self, method: str, route: str) -> bool:
        return method.lower() in self._document["paths"].get(route, {})

    def complaints_of_request(self, method: str, route: str, body: Any, query: Mapping[str, str]) -> list[str]:
        """Return what is wrong with the JSON body and the query of a request; nothing for good ones."""
        place, operation = self._operation(method, route)
        asked = operation.get("requestBody", {})
        found = self._complaints_of_query(place, operation, query)
        if body is None and asked.get("required"):
            found.append("there is no body")
        if body is not None and "application/json" in asked.get("content", {}):
            schema = f"{place}/requestBody/content/application~1json/schema"
            found += self._complaints(schema, body, ASKED)
        return [f"request: {complaint}" for complaint in found]

    def complaints(self, method: str, route: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer; nothing for a good one."""
        if not self.knows(method, route):
            return self._complaints("/components/schemas/ErrorResponse", body) if status >= 400 else []
        place, operation = self._operation(method, route)
        key = next((key for key in (str(status), f"{status // 100}XX") if key in operation["responses"]), None)
        if key is None:
            return [f"Discord never answers {status} here"]
        place, found = f"{place}/responses/{key}", operation["responses"][key]
        if "$ref" in found:
            place = found["$ref"].removeprefix("#")
            found = self._document["components"]["responses"][place.rsplit("/", 1)[1]]
        kind = next(iter(found.get("content", ())), None)
        if kind is None:
            return [] if body is None else [f"{status} has no body"]
        return self._complaints(f"{place}/content/{_escaped(kind)}/schema", body)

    def _operation(self, method: str, route: str) -> tuple[str, dict[str, Any]]:
        """Return where in the document an operation is, as a JSON pointer, and the operation."""
        return f"/paths/{_escaped(route)}/{method.lower()}", self._document["paths"][route][method.lower()]

    def _complaints_of_query(self, place: str, operation: dict[str, Any], query: Mapping[str, str]) -> list[str]:
        places = {
            parameter["name"]: f"{place}/parameters/{number}/schema"
            for number, parameter in enumerate(operation.get("parameters", ()))
            if parameter["in"] == "query"
        }
        return [
            f"?{name}={value} is not taken here"
            for name, value in query.items()
            if name not in places or all(self._complaints(places[name], reading) for reading in _readings(value))
        ]

    def _complaints(self, place: str, found: Any, root: str = ROOT) -> list[str]:
        validator = self._compiled(place, root)
        if validator.is_valid(found):
            return []
        return [
            f"at {'/'.join(map(str, error.instance_path)) or 'the top'}: {error.message[:300]}"
            for error in validator.iter_errors(found)
        ]

    def _compile(self, place: str, root: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": f"{root}#{quote(place)}"}, registry=self._registry, validate_formats=True)


class Judge:
    """Hears every exchange of every simulator made while it is `listening`, and remembers what is wrong."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self.complaints: list[str] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Judge each exchange as it is answered, whoever made the simulator and whoever asked it."""
        make = Simulator.__init__

        def make_and_listen(sim: Simulator, **arguments: Any) -> None:
            make(sim, **arguments)
            sim.recorder.subscribe(self.hear)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Simulator, "__init__", make_and_listen)
            yield

    def hear(self, request: Request) -> None:
        """Judge one exchange."""
        kind = request.method, request.route
        found: list[str] = []
        if _by_library(request) and self._oracle.knows(*kind):
            found += self._oracle.complaints_of_request(*kind, request.body, request.query)
        # What is no answer, a fault's own, Cloudflare's or the simulator's about itself, is not in Discord's words.
        own = request.fault == "status" or request.scope == "cloudflare" or request.status == NOT_SERVED
        if request.answered and not own:
            found += self._oracle.complaints(*kind, request.status, request.result)
        self.complaints += [f"{request.method} {request.path} -> {request.status}: {complaint}" for complaint in found]

    def give_verdict(self) -> None:
        """Fail the test that made these exchanges, if anything is wrong with them."""
        complaints, self.complaints = self.complaints, []
        if complaints:
            said = "\n  ".join(dict.fromkeys(complaints))
            pytest.fail(f"Discord's OpenAPI document disagrees:\n  {said}", pytrace=False)


def _by_library(request: Request) -> bool:
    """Tell libraries from tests' clients; the webhooks of discord.py leave the User-Agent to aiohttp."""
    if _BY_TOKEN.fullmatch(request.route):
        return bool(request.user_agent) and not request.user_agent.startswith(HANDMADE)
    return request.user_agent.startswith(LIBRARY)


def _put_right(document: dict[str, Any]) -> None:
    """Correct the document where Discord's documentation, which describes the API itself, disagrees with it."""
    schemas = document["components"]["schemas"]
    # reference.mdx, "Error Messages": field errors carry words as codes ("BASE_TYPE_REQUIRED"), not integers.
    schemas["InnerErrors"]["properties"]["_errors"]["items"] = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    }
    # reference.mdx, "Uploading Files": an attachment to be uploaded is named by the number of its file, `"id": 0`.
    schemas["MessageAttachmentRequest"]["properties"]["id"] = {"type": ["integer", "string"], "pattern": "^[0-9]+$"}
    # topics/permissions.mdx: permissions are sent as strings of digits, also in requests.
    for schema in [*schemas.values(), _body(document, "put", "/channels/{channel_id}/permissions/{overwrite_id}")]:
        for name in _PERMISSIONS & schema.get("properties", {}).keys():
            if "integer" in (types := schema["properties"][name]["type"]):
                types.append("string")
                schema["properties"][name]["pattern"] = "^[0-9]+$"
    # What the libraries ask of the API so that the message of a new forum post comes in the field `message`.
    threads = document["paths"]["/channels/{channel_id}/threads"]["post"]
    threads.setdefault("parameters", []).append(
        {"name": "use_nested_fields", "in": "query", "schema": {"type": "boolean"}}
    )


def _as_asked(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what Discord takes in requests beside what it writes, as the libraries send it."""
    found = deepcopy(document)
    schemas = found["components"]["schemas"]
    schemas["SnowflakeType"] |= {"type": ["string", "integer"]}  # reference.mdx, "ID Serialization"
    schemas["ApplicationFormPartial"]["properties"]["description"]["type"].append("string")  # resources/application.mdx
    schemas["PruneGuildRequest"]["properties"]["compute_prune_count"]["type"].append("string")  # discord.py: "true"
    del schemas["UpdateSelfVoiceStateRequestPartial"]["properties"]["request_to_speak_timestamp"]["format"]  # no zone
    return found


def _body(document: dict[str, Any], method: str, route: str) -> dict[str, Any]:
    """Return the schema of a JSON body that has no name of its own."""
    found: dict[str, Any] = document["paths"][route][method]["requestBody"]["content"]["application/json"]["schema"]
    return found


def _readings(value: str) -> Iterator[Any]:
    """Yield what the text of a query may mean; booleans as in reference.mdx, "Boolean Query Strings"."""
    yield value
    yield [value]
    if value.lstrip("-").isdecimal():
        yield int(value)
    if value.lower() in _BOOLEANS:
        yield _BOOLEANS[value.lower()]


def _escaped(part: str) -> str:
    """Return a key as it stands in a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")
