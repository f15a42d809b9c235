"""The rules every adapter keeps, whatever the vendor. A new adapter is added to ``ADAPTERS`` and to ``CASES``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from locks.adapters import ADAPTERS, adapter_for
from locks.adapters.base import (
    Cap,
    CredentialSpec,
    CredKind,
    CredState,
    LockProvider,
    NotFound,
    Rejected,
    Setup,
)

NOW = datetime(2027, 6, 9, 0, 0, tzinfo=UTC)
SECRET = b"\x07" * 32
CASES = {"local_hmac": CredKind.PIN, "physical_key": CredKind.PHYSICAL}


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=sorted(ADAPTERS))
def key(request):
    return request.param


@pytest.fixture
def adapter(key, clock):
    return adapter_for(key, Setup(clock=clock, device_secrets={"hall-front": SECRET, "hall-back": SECRET}))


@pytest.fixture
def spec(key):
    def make(starts=timedelta(hours=1), ends=timedelta(hours=3), **changes):
        wish = {
            "ref": "0b9e7d3e-0000-4000-8000-000000000001",
            "device_ids": ("hall-front",),
            "valid_from": NOW + starts,
            "valid_until": NOW + ends,
            "label": "R-000123",
            "kind": CASES[key],
        }
        return CredentialSpec(**{**wish, **changes})

    return make


def test_the_protocol_is_kept(adapter, key):
    assert isinstance(adapter, LockProvider)
    assert adapter.key == key
    assert {one.device_id for one in adapter.list_devices()} == {"hall-front", "hall-back"}
    assert adapter.health("hall-front").device_id == "hall-front"


def test_issuing_twice_gives_one_credential(adapter, spec):
    first = adapter.issue(spec(), idempotency_key="k1")
    assert adapter.issue(spec(), idempotency_key="k1") == first
    assert adapter.issue(spec(), idempotency_key="k2") == first
    assert len(adapter.list_credentials("hall-front")) <= 1


@pytest.mark.parametrize("minutes", [(60, 180), (61, 179), (45, 195), (0, 1), (15, 24 * 60 - 1)])
def test_the_answer_contains_the_window_that_was_wished_for(adapter, spec, minutes):
    wish = spec(*(timedelta(minutes=one) for one in minutes))
    answer = adapter.issue(wish, idempotency_key="k")
    assert answer.effective_from <= wish.valid_from
    assert answer.effective_until >= wish.valid_until
    granularity = timedelta(minutes=adapter.list_devices()[0].constraints.granularity_minutes)
    assert wish.valid_from - answer.effective_from < granularity
    assert answer.effective_until - wish.valid_until < granularity


def test_an_answer_names_its_ref_kind_and_the_state_of_its_door(adapter, spec, key):
    answer = adapter.issue(spec(), idempotency_key="k")
    assert (answer.ref, answer.kind) == (spec().ref, CASES[key])
    assert answer.state in {CredState.ACCEPTED, CredState.ON_DEVICE}
    assert set(answer.per_device) == {"hall-front"}
    assert (answer.secret is not None) == (answer.kind is CredKind.PIN)


def test_only_the_clock_makes_it_active_and_expired(adapter, spec, clock):
    answer = adapter.issue(spec(), idempotency_key="k")
    clock.now = answer.effective_from
    assert adapter.get(answer).state is CredState.ACTIVE
    clock.now = answer.effective_until
    assert adapter.get(answer).state is CredState.EXPIRED


def test_revoking_says_whether_it_may_still_open(adapter, spec):
    answer = adapter.issue(spec(), idempotency_key="k")
    revoked = adapter.revoke(answer, idempotency_key="k")
    can = Cap.REVOKE_CLOUD in adapter.list_devices()[0].caps
    assert revoked.state is (CredState.REVOKED if can else CredState.REVOKING)


def test_revoking_what_is_over_or_revoked_succeeds(adapter, spec, clock):
    answer = adapter.issue(spec(), idempotency_key="k")
    again = adapter.revoke(adapter.revoke(answer, idempotency_key="k"), idempotency_key="k")
    clock.now = answer.effective_until
    assert adapter.revoke(answer, idempotency_key="k").state is CredState.EXPIRED
    assert adapter.revoke(again, idempotency_key="k").state is CredState.EXPIRED


def test_another_window_is_answered_with_that_window(adapter, spec):
    first = adapter.issue(spec(), idempotency_key="k")
    later = spec(timedelta(hours=4), timedelta(hours=6))
    moved = adapter.update(first, later, idempotency_key="k2")
    assert (moved.effective_from, moved.effective_until) == (later.valid_from, later.valid_until)
    if Cap.UPDATE_WINDOW in adapter.list_devices()[0].caps:
        assert moved.secret == first.secret


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": timedelta(hours=-3), "ends": timedelta(0)},
        {"starts": timedelta(hours=3), "ends": timedelta(hours=3)},
        {"kind": CredKind.CARD},
        {"device_ids": ()},
        {"device_ids": ("hall-front", "hall-back")},
    ],
)
def test_what_cannot_be_done_is_rejected_for_good(adapter, spec, wrong):
    with pytest.raises(Rejected) as refusal:
        adapter.issue(spec(**wrong), idempotency_key="k")
    assert not refusal.value.retry


def test_a_device_it_was_not_set_up_for_is_not_found(adapter, spec):
    with pytest.raises(NotFound):
        adapter.issue(spec(device_ids=("elsewhere",)), idempotency_key="k")
    with pytest.raises(NotFound):
        adapter.health("elsewhere")


def test_a_window_over_midnight_and_a_year_end_is_kept(adapter, spec, clock):
    clock.now = datetime(2027, 12, 31, 10, 0, tzinfo=UTC)
    starts, ends = datetime(2027, 12, 31, 14, 30, tzinfo=UTC), datetime(2027, 12, 31, 15, 30, tzinfo=UTC)
    answer = adapter.issue(spec(valid_from=starts, valid_until=ends), idempotency_key="k")
    assert answer.effective_from <= starts < ends <= answer.effective_until


def test_no_secret_is_in_any_representation(adapter, spec):
    answer = adapter.issue(spec(), idempotency_key="k")
    shown = repr([answer, spec(pin="13572468"), Setup(clock=Clock(), device_secrets={"a": SECRET})])
    assert "13572468" not in shown
    assert repr(SECRET) not in shown
    if answer.secret:
        assert answer.secret not in shown


def test_every_adapter_of_the_registry_is_in_this_suite():
    assert set(CASES) == set(ADAPTERS)
