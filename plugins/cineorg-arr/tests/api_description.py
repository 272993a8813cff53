"""The published descriptions of the APIs, where somebody has them: what a client may ask, to the letter.

They are other projects' files and no part of this one. CINEORG_API_DESCRIPTIONS names the folder that holds
`sonarr-v3-openapi.json` and `radarr-v3-openapi.json`; without it `shared/api` beside the checkout is looked for, and
without that nothing is held against them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_BESIDE = Path(__file__).parents[4] / "shared" / "api"
# The description of a command has no ids: the services read them from the body as it came, by the command's name.
_UNDESCRIBED = {"movieIds", "episodeIds"}
_FORMS = {"integer": re.compile(r"-?[0-9]{1,10}"), "boolean": re.compile("true|false"), "string": re.compile(".*")}


@cache
def description(service: str) -> dict[str, Any] | None:
    """Return the description of `sonarr` or `radarr`, None where there is none."""
    folder = Path(os.environ.get("CINEORG_API_DESCRIPTIONS") or _BESIDE)
    path = folder / f"{service}-v3-openapi.json"
    return json.loads(path.read_text()) if path.exists() else None  # type: ignore[no-any-return]


def violations(
    service: str, method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], body: bytes
) -> list[str]:
    """Return what a request has that the description of the service does not allow."""
    api = description(service)
    if api is None:
        return []
    operation = _operation(api, method.lower(), path)
    if operation is None:
        return [f"{method} {path} is not described"]
    found = [] if "X-Api-Key" in headers else ["no X-Api-Key"]
    known = {item["name"]: item for item in operation.get("parameters", []) if item["in"] == "query"}
    found += [f"{path} has no parameter {name}" for name in query if name not in known]
    found += [f"{path} needs {name}" for name, item in known.items() if item.get("required") and name not in query]
    for name in query.keys() & known.keys():
        found += [f"{name}={value}" for value in query[name] if not _is_valid(api, known[name]["schema"], value)]
        if known[name]["schema"].get("type") != "array" and len(query[name]) != 1:
            found.append(f"{name} is there {len(query[name])} times")
    return found + (_in_body(api, operation, json.loads(body)) if body else [])


def _operation(api: Mapping[str, Any], method: str, path: str) -> Any:
    for pattern, operations in api["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", pattern), path) and method in operations:
            return operations[method]
    return None


def _resolved(api: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return api["components"]["schemas"][name] if name else schema  # type: ignore[no-any-return]


def _is_valid(api: Mapping[str, Any], schema: Mapping[str, Any], value: str) -> bool:
    schema = _resolved(api, schema)
    if schema.get("type") == "array":
        schema = _resolved(api, schema["items"])
    if "enum" in schema:
        return value in schema["enum"]
    return bool(_FORMS.get(schema.get("type", ""), _FORMS["string"]).fullmatch(value))


def _in_body(api: Mapping[str, Any], operation: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    schema = _resolved(api, operation["requestBody"]["content"]["application/json"]["schema"])
    return [f"the body has {name}" for name in body if name not in schema["properties"] and name not in _UNDESCRIBED]
