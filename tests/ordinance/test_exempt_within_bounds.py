"""Properties: an exemption never raises a price, and takes off only what its ground covers."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import Grant, Use, compile_rules, parse, quote_uses
from tests.booking.conftest import rules_text
from tests.booking.exempting import GROUNDS, RULES_WITH_GROUNDS

DAY = date(2027, 6, 9)
FEE, EXTRA = "fee", "piano"
KEYS = ("host", "welfare", "circle", "small", "special", "open", "yearly", "more")
CUTS = (
    "",
    ", rounding: {unit: 100, mode: up}",
    ", rounding: {unit: 10, mode: half_up, of: change}",
    ", at_least: 300",
)


def rules_with(more: str, unit: int, mode: str):
    text = rules_text("akiruno")
    grounds = (GROUNDS[0], GROUNDS[1].replace("percent: 50, unless", f"percent: 50{more}, unless"))
    for old, new in (grounds if one is GROUNDS else one for one in RULES_WITH_GROUNDS):
        text = text.replace(old, new)
    text = text.replace("  unit: 1\n  mode: down\n", f"  unit: {unit}\n  mode: {mode}\n")
    return compile_rules(parse(text))


RULES = [
    rules_with(more, unit, mode)
    for more in CUTS
    for unit, mode in ((1, "down"), (10, "half_up"), (100, "up"))
]
GRANTS = st.lists(
    st.builds(
        Grant,
        st.sampled_from(KEYS),
        st.none() | st.integers(1, 100),
        st.none() | st.integers(1, 20_000),
        st.integers(0, 3),
    ),
    max_size=4,
)


def priced(rules, grants, *, minutes, pianos, who, headcount, admission, room):
    uses = [Use(room, DAY, 600, 600 + minutes, extras={"piano": pianos} if pianos else {})]
    return quote_uses(
        rules,
        facility="chuo-kominkan",
        uses=uses,
        applicant_class=who,
        headcount=headcount,
        answers={"admission": admission},
        grants=grants,
    )


@given(
    rules=st.sampled_from(RULES),
    grants=GRANTS,
    minutes=st.integers(1, 10).map(lambda hours: hours * 60),
    pianos=st.integers(0, 3),
    who=st.sampled_from(["general", "registered"]),
    headcount=st.integers(1, 30),
    admission=st.booleans(),
    room=st.sampled_from(["kenshu-1", "kenshu-4", "ongaku"]),
)
def test_an_exemption_never_raises_a_price_and_covers_only_what_the_ground_covers(rules, grants, **use):
    full, exempted = priced(rules, (), **use), priced(rules, grants, **use)
    assert 0 <= exempted.total_yen <= full.total_yen
    assert sum(line.yen for line in exempted.lines) == exempted.total_yen
    if exempted.before_exemption_yen is not None:
        assert exempted.before_exemption_yen == full.total_yen
    covering = {one.ground for one in grants} & {"host"}
    if not covering:
        # Only 市の主催 covers the piano.
        taken = sum(line.yen for line in exempted.lines if line.kind == "exemption" and line.of == EXTRA)
        assert taken == 0
        assert exempted.total_yen >= 500 * use["pianos"]


@given(grant=GRANTS.filter(len).map(lambda many: many[0]), pianos=st.integers(0, 2))
def test_a_ground_whose_conditions_do_not_hold_takes_nothing_off(grant, pianos):
    use = {"minutes": 120, "who": "general", "headcount": 10, "admission": True, "room": "kenshu-1"}
    if grant.ground in ("welfare", "circle", "small"):
        for rules in RULES:
            exempted = priced(rules, [grant], pianos=pianos, **use)
            assert exempted.before_exemption_yen is None
            assert exempted.total_yen == priced(rules, (), pianos=pianos, **use).total_yen


@given(grant=GRANTS.filter(len).map(lambda many: many[0]), hours=st.integers(1, 10))
def test_what_staff_decide_never_takes_off_more_than_the_rules_let_them(grant, hours):
    use = {"minutes": hours * 60, "pianos": 1, "who": "general", "headcount": 10, "admission": False}
    rules = RULES[0]
    full = priced(rules, (), room="ongaku", **use).total_yen
    off = full - priced(rules, [grant], room="ongaku", **use).total_yen
    if grant.ground == "open":
        assert off <= 500
    if grant.ground == "special":
        assert off <= (full - 500) * 70 / 100
    if grant.yen is not None and grant.ground in ("open", "special"):
        assert off <= grant.yen
