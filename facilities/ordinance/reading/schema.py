"""The JSON Schema of a document as people write it, for editors and other programs."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.document.values import one_or_more
from facilities.ordinance.telling.fixed_words import VALUES
from facilities.ordinance.telling.labels import FIELDS, label

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """What may stand in the document, rather than what is made of it: a list of one may go without the list."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """One entry or a list of them, where the clauses say so."""
        found = super().function_before_schema(schema)
        if schema["function"].get("function") is not one_or_more.func or "items" not in found:
            return found
        return {"anyOf": [found["items"], found]}


def document_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), with the names of fields and fixed words in Japanese and English."""
    schema = Ordinance.model_json_schema(schema_generator=_AsWritten)
    parts = {"Ordinance": schema, **schema.get("$defs", {})}
    for name, part in parts.items():
        for field, found in part.get("properties", {}).items():
            _name(name, field, found)
            if found.get("default", 0) in (None, [], {}):
                del found["default"]
    top = {"$schema": DIALECT, "title": "Machinoma: 規則の文書 / rules of a municipality"}
    return {**top, **{key: value for key, value in schema.items() if key != "title"}}


def _name(part: str, field: str, schema: dict[str, Any]) -> None:
    words = FIELDS.get(f"{part}.{field}") or label(field)
    schema["title"] = f"{words.ja} / {words.en}"
    fixed = [
        (value, found) for (name, value), found in VALUES.items() if name == field and value in _fixed(schema)
    ]
    if fixed:
        schema["description"] = "; ".join(f"{value}: {found.ja} / {found.en}" for value, found in fixed)


def _fixed(schema: Any) -> set[str]:
    """The fixed words that a schema allows."""
    if isinstance(schema, dict):
        own = {schema["const"]} if "const" in schema else set(schema.get("enum", ()))
        return own.union(*(_fixed(one) for key, one in schema.items() if key in ("anyOf", "items", "oneOf")))
    if isinstance(schema, list):
        return set().union(*(_fixed(one) for one in schema))
    return set()
