"""What is exempted without anybody deciding: the grounds the rules grant, and the standing exemptions of groups."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Membership
from booking.bulk import Item, book_together, look_together
from booking.exempting.carrying import carry_standing
from booking.exempting.errors import (
    AlreadyAppliedFor,
    ExemptionNotFound,
    ExemptionOver,
    ExemptionReasonMissing,
    ExemptionTermUnfit,
    ExemptionUsedUp,
    GroundUnknown,
    MeasureMissing,
    NotDecider,
)
from booking.exempting.queries import standing_exemptions, standing_of, standing_of_group
from booking.exempting.standing import (
    apply_for_standing,
    grant_standing,
    refuse_standing,
    relay_standing,
    revoke_standing,
    withdraw_standing,
)
from booking.models import Exemption, Reservation
from booking.parties import Party
from booking.services import book_room, confirm_reservation
from facilities.details import Details
from facilities.models import Facility
from payments.queries import payment_states
from tests.booking.conftest import WEDNESDAY, at
from tests.booking.exempting import GROUNDS, RULES_WITH_GROUNDS
from tests.factories import a_group, a_staff
from tests.queue import enqueued

FEW = Details(headcount=4)
TEN = Details(headcount=10)


@pytest.fixture(autouse=True)
def _grounds(publish):
    publish(*RULES_WITH_GROUNDS)


@pytest.fixture
def admin(emi):
    return Actor("staff", emi.staff.pk)


@pytest.fixture
def hall(room):
    return Facility.objects.get(pk=room.facility_id)


@pytest.fixture
def club(hanako, ichiro, now):
    """みどりの会: Hanako represents it, Ichiro books for it."""
    group = a_group("みどりの会", now=now)
    for person, role in ((hanako, "representative"), (ichiro, "booker")):
        Membership.objects.create(group=group, resident=person, role=role, since=now)
    return group


@pytest.fixture
def apply(club, hall, hanako, now):
    def act(ground="welfare", by=None, all_halls=False):
        return apply_for_standing(
            group_id=club.pk,
            facility=hall,
            all_halls=all_halls,
            ground=ground,
            remark="毎週の活動",
            actor=by or Actor("resident", hanako.pk),
            now=now,
            today=date(2027, 5, 10),
        )

    return act


@pytest.fixture
def grant(apply, admin, now):
    def act(ground="welfare", first=WEDNESDAY, last=WEDNESDAY + timedelta(days=30), **measure):
        measure = {"percent": None, "yen": None, **measure}
        term = {"valid_from": first, "valid_until": last}
        return grant_standing(ref=apply(ground).ref, **term, **measure, reason="", actor=admin, now=now)

    return act


def test_what_the_rules_grant_is_in_the_price_from_the_first_page(hold, hanako, now):
    held = hold(details=FEW)
    assert (held.price_yen, held.quote["before_exemption_yen"]) == (600, 800)
    assert not Exemption.objects.exists()
    actor = Actor("resident", hanako.pk)
    row = confirm_reservation(ref=held.ref, purpose="x", details=FEW, actor=actor, now=now)
    (found,) = Exemption.objects.all()
    assert (row.price_yen, found.ground, found.basis, found.state) == (600, "small", "automatic", "granted")
    assert (found.before_yen, found.after_yen, found.decider_id) == (800, 600, None)
    assert payment_states([row.ref])[row.ref].assessed_yen == 600


def test_what_is_left_unsaid_is_not_granted(hold):
    held = hold(details=Details())
    assert (held.price_yen, held.quote["before_exemption_yen"]) == (800, None)


def test_the_class_of_a_registered_group_is_enough(book, hanako, now):
    group = a_group("合唱団", now=now, applicant_class="registered")
    Membership.objects.create(group=group, resident=hanako, role="booker", since=now)
    row = book(group_id=group.pk)
    assert (row.price_yen, row.quote["before_exemption_yen"]) == (400, 800)
    assert book("13:00", "15:00").price_yen == 800


def test_several_at_once_are_exempted_and_charged_each(room, hanako, now):
    items = [Item(room.id, at(f"{hour}:00"), at(f"{hour + 1}:00"), FEW) for hour in (9, 11)]
    looked = look_together(items=items, party=Party(hanako.pk), channel="web", now=now)
    assert looked.price_yen == 600
    done = book_together(
        items=items, resident_id=hanako.pk, channel="web", purpose="x", all_or_nothing=True,
        actor=Actor("resident", hanako.pk), now=now,
    )  # fmt: skip
    assert [row.price_yen for row in done.booked.values()] == [300, 300]
    assert Exemption.objects.filter(state="granted").count() == 2


def test_a_number_of_times_is_kept_among_several_at_once_and_in_a_race(publish, room, hanako, book, now):
    twice = (
        GROUNDS[0],
        GROUNDS[1].replace("when: {headcount: ..5}", "when: {headcount: ..5}, at_most_times: 2"),
    )
    publish(*(twice if one is GROUNDS else one for one in RULES_WITH_GROUNDS))
    items = [Item(room.id, at(f"{hour}:00"), at(f"{hour + 1}:00"), FEW) for hour in (9, 11, 13)]
    looked = look_together(items=items, party=Party(hanako.pk), channel="web", now=now)
    assert [one.quote.total_yen for one in looked.free.values()] == [300, 300, 400]
    for hour in (9, 11):
        assert book(f"{hour}:00", f"{hour + 1}:00", details=FEW).price_yen == 300
    assert book("13:00", "14:00", details=FEW).price_yen == 400


def test_of_two_who_use_the_last_one_up_at_once_one_is_told(publish, book, monkeypatch, now):
    once = (
        GROUNDS[0],
        GROUNDS[1].replace("when: {headcount: ..5}", "when: {headcount: ..5}, at_most_times: 1"),
    )
    publish(*(once if one is GROUNDS else one for one in RULES_WITH_GROUNDS))
    book("9:00", "10:00", details=FEW)
    monkeypatch.setattr("booking.exempting.granting.times_granted", lambda *_args, **_more: 0)
    with pytest.raises(ExemptionUsedUp):
        book("11:00", "12:00", details=FEW)
    assert Reservation.objects.count() == 1


def test_a_standing_exemption_holds_for_the_group_alone_and_for_its_time(grant, book, club, ichiro):
    standing = grant()
    theirs = book(group_id=club.pk, resident=ichiro)
    (found,) = Exemption.objects.all()
    assert (theirs.price_yen, theirs.quote["before_exemption_yen"]) == (400, 800)
    assert (found.basis, found.standing_id) == ("standing", standing.pk)
    assert book("13:00", "15:00", resident=ichiro).price_yen == 800
    later = WEDNESDAY + timedelta(days=31)
    assert book(group_id=club.pk, resident=ichiro, day=later).price_yen == 800


def test_its_conditions_are_asked_of_every_use(grant, book, club, ichiro):
    grant()
    charged = Details(headcount=10, answers={"admission": True})
    assert book(group_id=club.pk, resident=ichiro, details=charged).price_yen == 800
    assert not Exemption.objects.exists()


def test_of_several_the_one_that_takes_most_off_counts(grant, book, club, ichiro):
    grant()
    assert book(group_id=club.pk, resident=ichiro, details=FEW).price_yen == 400
    assert [one.ground for one in Exemption.objects.all()] == ["welfare"]


def test_how_much_has_to_be_decided_where_the_rules_leave_it_open(grant):
    with pytest.raises(MeasureMissing):
        grant("special")


def test_a_decided_share_holds_for_every_use(apply, admin, book, club, ichiro, now):
    term = {"valid_from": WEDNESDAY, "valid_until": WEDNESDAY, "reason": "", "actor": admin, "now": now}
    grant_standing(ref=apply("special").ref, percent=25, yen=None, **term)
    assert book(group_id=club.pk, resident=ichiro).price_yen == 600


def test_what_was_booked_before_gets_it_from_the_worker_once(grant, book, club, ichiro, now):
    before = book(group_id=club.pk, resident=ichiro)
    later = book(group_id=club.pk, resident=ichiro, day=WEDNESDAY + timedelta(days=31))
    standing = grant()
    assert enqueued("booking.exempt_standing")[-1]["standing_id"] == standing.pk
    assert carry_standing(standing_id=standing.pk, now=now) == 1
    assert carry_standing(standing_id=standing.pk, now=now) == 0
    for row in (before, later):
        row.refresh_from_db()
    assert (before.price_yen, later.price_yen) == (400, 800)
    assert payment_states([before.ref])[before.ref].assessed_yen == 400
    assert enqueued("frontend.tell")[-1]["kind"] == "exemption_by_standing"


def test_revoked_it_holds_no_more_and_what_was_booked_keeps_it(grant, book, club, ichiro, admin, now):
    standing = grant()
    booked = book(group_id=club.pk, resident=ichiro)
    with pytest.raises(ExemptionReasonMissing):
        revoke_standing(ref=standing.ref, reason="", actor=admin, now=now)
    revoke_standing(ref=standing.ref, reason="活動をやめた", actor=admin, now=now)
    assert standing_of(ref=standing.ref).state == "revoked"
    assert book("13:00", "15:00", group_id=club.pk, resident=ichiro).price_yen == 800
    booked.refresh_from_db()
    assert booked.price_yen == 400


def test_who_represents_the_group_applies_and_takes_back(apply, hanako, ichiro, club, now):
    with pytest.raises(Exception, match="代表者"):
        apply(by=Actor("resident", ichiro.pk))
    found = apply()
    with pytest.raises(AlreadyAppliedFor):
        apply()
    with pytest.raises(GroundUnknown):
        apply("nothing")
    apply(all_halls=True)
    with pytest.raises(ExemptionNotFound):
        withdraw_standing(ref=found.ref, actor=Actor("resident", ichiro.pk), now=now)
    withdraw_standing(ref=found.ref, actor=Actor("resident", hanako.pk), now=now)
    with pytest.raises(ExemptionOver):
        withdraw_standing(ref=found.ref, actor=Actor("resident", hanako.pk), now=now)
    assert [one.state for one in standing_of_group(group_id=club.pk)] == ["applied", "withdrawn"]


def test_the_hall_passes_on_and_the_municipality_decides(apply, hall, admin, now):
    clerk = Actor("staff", a_staff("窓口 次郎", "jiro@example.jp", facilities=[hall]).pk)
    found = apply(all_halls=True)
    term = {"valid_from": WEDNESDAY, "valid_until": WEDNESDAY}
    with pytest.raises(NotDecider):
        grant_standing(ref=found.ref, percent=None, yen=None, **term, reason="", actor=clerk, now=now)
    relay_standing(ref=found.ref, opinion="よい会です", actor=clerk, now=now)
    (waiting,) = standing_exemptions(facility_ids=[hall.pk], states=["applied", "relayed"])
    assert (waiting.state, waiting.opinion, waiting.relayer) == ("relayed", "よい会です", "窓口 次郎")
    with pytest.raises(ExemptionReasonMissing):
        refuse_standing(ref=found.ref, reason="", actor=admin, now=now, today=WEDNESDAY)
    refuse_standing(ref=found.ref, reason="対象外", actor=admin, now=now, today=WEDNESDAY)
    refused = standing_of(ref=found.ref)
    assert (refused.state, refused.reason) == ("refused", "対象外")
    assert "審査請求" in refused.instruction[0]


@pytest.mark.parametrize("last", [WEDNESDAY - timedelta(days=1), date(2099, 1, 1)])
def test_a_term_has_an_end_that_is_not_too_far(apply, admin, now, last):
    term = {"valid_from": WEDNESDAY, "valid_until": last}
    with pytest.raises(ExemptionTermUnfit):
        grant_standing(ref=apply().ref, percent=None, yen=None, **term, reason="", actor=admin, now=now)


def test_who_overrides_the_rules_still_gets_what_they_grant(room, hanako, admin, now):
    row = book_room(
        room_id=room.id, starts_at=at("22:00"), ends_at=at("23:00"), resident_id=hanako.pk, channel="desk",
        purpose="x", details=FEW, actor=admin, now=now, override_reason="特別",
    )  # fmt: skip
    assert row.price_yen == 300
