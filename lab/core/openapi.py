"""The API's description, OpenAPI 3.1, made from the routes as they are declared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, TypeAdapter
from starlette.routing import BaseRoute

from lab.core import errors
from lab.core.errors import LabError
from lab.core.identity import Who
from lab.core.web import PROBLEM, SAFE_METHODS, ApiRoute, ApiSpec


class FieldProblem(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `title` and `detail` are for people and may be reworded."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] | None = None
    retry_after: int | None = None


def describe_routes(routes: Iterable[BaseRoute], *, title: str, version: str) -> dict[str, Any]:
    specs = [route.spec for route in routes if isinstance(route, ApiRoute)]
    inputs: list[tuple[Any, Any, TypeAdapter[Any]]] = []
    for at, spec in enumerate(specs):
        if spec.body is not None:
            inputs.append(((at, "body"), "validation", TypeAdapter(spec.body)))
        if spec.returns is not None:
            inputs.append(((at, "returns"), "serialization", TypeAdapter(spec.returns)))
    inputs.append((("problem", ""), "serialization", TypeAdapter(Problem)))
    schemas, shared = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for at, spec in enumerate(specs):
        body = schemas.get(((at, "body"), "validation"))
        returns = schemas.get(((at, "returns"), "serialization"))
        paths.setdefault(_template(spec.path), {})[spec.method.lower()] = _operation(spec, body, returns)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": shared.get("$defs", {}),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`lab token EMAIL` prints one.",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-lab",
                    "description": "A browser's sign-in (`lab` on plain http); changes carry X-Lab-CSRF too.",
                },
            },
        },
    }


def _operation(spec: ApiSpec, body: Any, returns: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(spec),
        "summary": spec.summary,
        "tags": [spec.tag],
        "responses": _responses(spec, returns),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)", spec.path)
    ]
    if spec.query is not None:
        schema = spec.query.model_json_schema()
        needed = schema.get("required", [])
        parameters += [
            {
                "name": name,
                "in": "query",
                "required": name in needed,
                "schema": {key: value for key, value in field.items() if key != "title"},
            }
            for name, field in schema.get("properties", {}).items()
        ]
    if parameters:
        operation["parameters"] = parameters
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    operation["security"] = [{"bearer": []}, {"cookie": []}] if spec.who is not Who.ANYONE else []
    return operation


def _responses(spec: ApiSpec, returns: Any) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done" if returns is None else "The answer"}
    if returns is not None:
        success["content"] = {spec.media: {"schema": returns}}
    elif spec.media != "application/json":
        success["content"] = {spec.media: {"schema": {"type": "string"}}}
    by_status: dict[int, list[type[LabError]]] = {}
    for error in _possible(spec):
        by_status.setdefault(error.status, []).append(error)
    shown: dict[str, Any] = {str(spec.status): success}
    for status, kinds in sorted(by_status.items()):
        shown[str(status)] = {
            "description": "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return shown


def _possible(spec: ApiSpec) -> list[type[LabError]]:
    found: list[type[LabError]] = [errors.TooMuch, errors.StorageUnavailable, errors.WrongHost]
    if spec.who is not Who.ANYONE:
        found.append(errors.NotSignedIn)
    if spec.who is not Who.ANYONE or spec.method not in SAFE_METHODS:
        found.append(errors.NotAllowed)
    if spec.body is not None:
        found += [errors.BadRequest, errors.BodyTooBig, errors.WrongContentType, errors.Invalid]
    elif spec.query is not None:
        found.append(errors.Invalid)
    if "{" in spec.path:
        found.append(errors.NotFound)
    own = [kind for kind in spec.problems if kind not in found]
    return found + own


def _template(path: str) -> str:
    return re.sub(r"{(\w+):\w+}", r"{\1}", path)


def _operation_id(spec: ApiSpec) -> str:
    words = re.findall(r"\w+", spec.path.removeprefix("/api/"))
    return "_".join([spec.method.lower(), *words])
