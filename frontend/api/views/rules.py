"""The published rules, for everybody, and the schema of their document."""

from __future__ import annotations

from functools import cache

import orjson
from django.http import HttpResponse
from rest_framework.request import Request

from facilities.ordinance.reading.parsing import read_plain
from facilities.ordinance.reading.schema import document_schema
from facilities.published import published_books, published_version
from frontend.api import answers, outputs
from frontend.api.documenting import reads, serves
from frontend.api.inputs import NoQuery
from frontend.api.routes import PublicRoute, answer
from frontend.api.sentences import read_query

_YAML = "application/yaml"
_SCHEMA = "application/schema+json"


@cache
def schema_text() -> bytes:
    """Return the schema as docs/ordinance.schema.json holds it; made once per process."""
    return orjson.dumps(document_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class RuleList(PublicRoute):
    """Rule books."""

    @reads("listRules", "Published rules and their versions", outputs.RuleBooks, public=True)
    def get(self, request: Request) -> HttpResponse:
        """All rule books with the versions that stand."""
        read_query(NoQuery, request.query_params)
        return answer(request, {"rules": [answers.rule_book(one) for one in published_books(self.now)]})


class RuleVersionOne(PublicRoute):
    """A version."""

    @reads("getRules", "A published version of rules", outputs.RuleDocument, public=True, problems=(404,))
    def get(self, request: Request, book: str, number: int) -> HttpResponse:
        """The document as data; its form is /ordinance.schema.json."""
        read_query(NoQuery, request.query_params)
        version = published_version(book, number)
        return answer(request, {**answers.rule_version(version), "document": read_plain(version.text)})


class RuleVersionText(PublicRoute):
    """A version as it was written."""

    @serves("getRulesText", "A published version of rules as it was written", _YAML, problems=(404,))
    def get(self, request: Request, book: str, number: int) -> HttpResponse:
        """The YAML text, with its comments."""
        return HttpResponse(published_version(book, number).text, content_type=_YAML)


class RulesSchema(PublicRoute):
    """ordinance.schema.json."""

    @serves("getRulesSchema", "The JSON Schema (draft 2020-12) of a rules document", _SCHEMA)
    def get(self, request: Request) -> HttpResponse:
        """The schema, for editors and other programs."""
        return HttpResponse(schema_text(), content_type=_SCHEMA)
