"""Published rules and the schema of their document are public: as data, as they were written, with their versions."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from jsonschema import Draft202012Validator

from facilities.models import RuleBook, RuleVersion

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_rule_books_are_listed_with_their_versions(anybody):
    book, version = RuleBook.objects.get(), RuleVersion.objects.get()
    [found] = anybody.get("/rules").json()["rules"]
    assert (found["key"], found["name"], found["current"]) == (book.key, book.name, 1)
    assert [one["number"] for one in found["versions"]] == [1]
    assert found["versions"][0]["effective_from"] == version.effective_from.isoformat()


def test_a_version_is_read_as_data_in_the_form_of_the_schema(anybody):
    found = anybody.get(f"/rules/{RuleBook.objects.get().key}/1").json()
    assert found["document"]["facilities"][0]["name"] == "中央公民館"
    schema = anybody.get("/ordinance.schema.json")
    assert schema["Content-Type"] == "application/schema+json"
    assert list(Draft202012Validator(schema.json()).iter_errors(found["document"])) == []


def test_a_version_is_read_as_it_was_written(anybody):
    answer = anybody.get(f"/rules/{RuleBook.objects.get().key}/1.yaml")
    assert answer["Content-Type"] == "application/yaml"
    assert answer.content.decode() == RuleVersion.objects.get().text


def test_the_served_schema_is_the_checked_in_one(anybody):
    assert anybody.get("/ordinance.schema.json").json() == json.loads(
        (DOCS / "ordinance.schema.json").read_text()
    )


def test_what_is_not_there_or_was_withdrawn_is_answered_with_a_problem(anybody, emi, now):
    key = RuleBook.objects.get().key
    for path in (
        "/rules/nowhere/1",
        f"/rules/{key}/2",
        f"/rules/{key}/99999999999999999999",
        f"/rules/{key}/2.yaml",
    ):
        answer = anybody.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "rules_not_found")
    first = RuleVersion.objects.get()
    RuleVersion.objects.create(
        rule_book=first.rule_book,
        number=2,
        text=first.text,
        effective_from=now.date() + timedelta(days=300),
        published_at=now,
        withdrawn_at=now,
        withdrawn_by_id=emi.staff.pk,
    )
    assert anybody.get(f"/rules/{key}/2").status_code == 404
    assert [one["number"] for one in anybody.get("/rules").json()["rules"][0]["versions"]] == [1]


def test_an_unknown_parameter_is_a_mistake(anybody):
    assert anybody.get("/rules", colour="red").status_code == 422
