"""The example documents pass every worked case of the published facts, unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from facilities.ordinance import parse, run_cases

FACTS = Path(__file__).parent / "facts"
PAIRS = [
    ("akiruno", "00_akiruno_chuo_kominkan"),
    ("hokota", "01_hokota_kominkan"),
    ("kashima", "03_kashima_kominkan"),
    ("betsukai", "05_betsukai_kominkan"),
    ("miki", "06_miki_kominkan"),
    ("masuda", "09_masuda_arena"),
    ("ageo", "10_ageo_ccc"),
    ("inzai", "13_inzai_bunka"),
    ("yamanashi", "15_yamanashi_kaikan"),
    ("ashiya", "18_ashiya_luna"),
    ("sodegaura", "19_sodegaura_lottery"),
    ("funabashi", "20_funabashi_kominkan"),
    ("hirakata", "22_hirakata_sada"),
    ("fujieda", "24_fujieda_nishimashizu"),
    ("ichinomiya", "26_ichinomiya_kominkan"),
    ("kitamoto", "28_kitamoto_gym"),
    ("kyowa", "36_kyowa_center"),
    ("kumamoto", "44_kumamoto_kominkan"),
    ("kakamigahara", "46_kakamigahara_school"),
    ("chofu", "49_chofu_across"),
    ("kanazawa", "51_kanazawa_points"),
    ("mima", "54_mima_refund"),
    ("miyakojima", "63_miyakojima"),
]


def facts_of(name: str) -> list[dict]:
    return YAML(typ="safe").load((FACTS / f"{name}.yaml").read_text(encoding="utf-8"))["cases"]


def test_every_published_rule_set_is_a_document(documents):
    assert sorted(documents) == sorted(example for example, _ in PAIRS)
    assert sorted(path.stem for path in FACTS.glob("*.yaml")) == sorted(facts for _, facts in PAIRS)
    assert sum(len(document.cases) for document in documents.values()) == 194


@pytest.mark.parametrize(("example", "facts"), PAIRS)
def test_a_document_carries_every_case_of_its_facts_with_the_same_expectation(documents, example, facts):
    carried = {case.id: (case.kind, case.expect) for case in documents[example].cases}
    assert carried == {fact["id"]: (fact["kind"], fact["expect"]) for fact in facts_of(facts)}


@pytest.mark.parametrize(("example", "facts"), PAIRS)
def test_a_case_gives_the_same_days_times_and_amounts_as_its_facts(documents, example, facts):
    given = {case.id: normal(case.given) for case in documents[example].cases}
    for fact in facts_of(facts):
        told = normal(fact["given"])
        for key in ("date", "time", "use", "apply_on", "paid", "minutes"):
            if key in told:
                assert given[fact["id"]].get(key) == told[key], (fact["id"], key)


def normal(told: Mapping) -> dict:
    """What a case gives, in one wording of hours and times of day."""
    told = dict(told)
    if "from" in told and "hours" in told:
        hour, minute = told["from"].split(":")
        told["to"] = f"{int(hour) + told.pop('hours'):02d}:{minute}"
    if "hours" in told:
        told["minutes"] = told["hours"] * 60
    if "from" in told:
        told["time"] = f"{told['from']}-{told['to']}"
    if isinstance(told.get("use"), list):  # uses of one reservation, not a day of use
        del told["use"]
    return told


@pytest.mark.parametrize("example", [pair[0] for pair in PAIRS])
def test_every_worked_case_passes(documents, example):
    failed = [(one.id, one.expected, one.got) for one in run_cases(documents[example]) if not one.passed]
    assert failed == []


def test_a_wrong_expectation_fails_and_shows_what_came_out(small):
    text = small + "cases: [{id: X-1, kind: fee, given: {room: big, minutes: 60}, expect: {yen: 1}}]\n"
    (result,) = run_cases(parse(text))
    assert not result.passed
    assert result.got["yen"] == 1530


@pytest.mark.parametrize(
    "case",
    [
        "{id: X, kind: fee, given: {}, expect: {yen: 1}}",
        "{id: X, kind: fee, given: {room: none, minutes: 60}, expect: {yen: 1}}",
        '{id: X, kind: open, given: {date: soon, time: "10:00"}, expect: {open: true}}',
        '{id: X, kind: open, given: {date: 2027-04-01, time: "25:00"}, expect: {open: true}}',
        "{id: X, kind: apply, given: {use: 2027-04-02, apply_at: never}, expect: {allowed: true}}",
        "{id: X, kind: refund, given: {paid: many, cause: own}, expect: {refund_yen: 0}}",
        "{id: X, kind: exempt, given: {facility: none, ground: x}, expect: {eligible: true}}",
        "{id: X, kind: fee, given: {room: koma, slots: [dawn]}, expect: {yen: 1}}",
        "{id: X, kind: fee, given: {room: big, minutes: 60}, expect: {}}",
        "{id: X, kind: fee, given: {room: big, minutes: 60, half: true}, expect: {yen: 1530}}",
        "{id: X, kind: fee, given: {room: big, minutes: 60, applicant_class: other}, expect: {yen: 1530}}",
        "{id: X, kind: fee, given: {room: big, minutes: 60, purpose: dance}, expect: {yen: 1530}}",
        "{id: X, kind: fee, given: {room: big, minutes: 60, answers: {heating: true}}, expect: {yen: 1530}}",
    ],
)
def test_a_case_that_cannot_be_run_fails_with_the_mistake_and_does_not_raise(small, case):
    (result,) = run_cases(parse(f"{small}cases: [{case}]\n"))
    assert not result.passed


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            "given: {room: big, minutes: 60}, expect: {fee: 1530}",
            "fee の答えに fee はありません。あるのは yen、",
        ),
        ("given: {room: big, time: 9時から}, expect: {yen: 1}", "09:00-22:00 の形で"),
        (
            "given: {room: big, minutes: 60, date: 2027-02-30}, expect: {yen: 1}",
            "2027-02-30」という日付はありません",
        ),
        ("given: {room: koma, slots: [dawn]}, expect: {yen: 1}", "区分 dawn はありません (あるもの: am、"),
    ],
)
def test_a_case_that_cannot_be_run_tells_what_to_write(small, case, told):
    (result,) = run_cases(parse(f"{small}cases: [{{id: X, kind: fee, {case}}}]\n"))
    assert not result.passed
    assert told in result.got["error"]
