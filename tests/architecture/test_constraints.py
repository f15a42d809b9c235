"""The database itself refuses what no code may write, each constraint under its own name.

Taken away, a constraint would be missed by nobody until the day code has a mistake; so each is tried here, on rows
as the product writes them.
"""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tenants.context import inside, inside_public
from tenants.models import ProviderAccount
from tests.isolation.canaries import plant

# The constraint, and an UPDATE of rows that exist.
CHANGES = {
    "user_email_lower_case": "UPDATE accounts_user SET email = 'A@example.jp'",
    "resident_has_name": "UPDATE accounts_resident SET name = ''",
    "staff_has_name": "UPDATE accounts_staff SET name = ''",
    "group_has_name": "UPDATE accounts_group SET name = ''",
    "membership_one_representative": "UPDATE accounts_membership SET role = 'representative'",
    "groupinvitation_open_once": "UPDATE accounts_groupinvitation "
    "SET email = 'x@example.jp', accepted_at = NULL, accepted_by_id = NULL",
    "rosterentry_has_name": "UPDATE accounts_rosterentry SET name = ''",
    "groupregistration_open_once": "UPDATE facilities_groupregistration SET state = 'draft', "
    "group_id = (SELECT min(id) FROM accounts_group), rule_book_id = (SELECT min(id) FROM facilities_rulebook)",
    "groupregistration_registered_has_day": "UPDATE facilities_groupregistration SET state = 'registered'",
    "groupregistration_no_has_reason": "UPDATE facilities_groupregistration SET state = 'refused', reason = ''",
    "groupregistration_term_sane": "UPDATE facilities_groupregistration "
    "SET valid_from = '2027-04-02', valid_until = '2027-04-01'",
    "evidence_size_sane": "UPDATE facilities_evidence SET size = 5000001",
    "facility_has_name": "UPDATE facilities_facility SET name = ''",
    "facility_place_in_japan": "UPDATE facilities_facility SET latitude = 35.7, longitude = NULL",
    "room_has_name": "UPDATE facilities_room SET name = ''",
    "ruleversion_withdrawal_complete": "UPDATE facilities_ruleversion SET withdrawn_at = now()",
    "door_has_name": "UPDATE locks_door SET name = ''",
    "credential_period_sane": "UPDATE locks_credential SET valid_from = starts_at + interval '1 second'",
    "credential_code_has_window": "UPDATE locks_credential SET secret_fingerprint = 1, effective_from = NULL",
    "keyhandover_return_complete": "UPDATE locks_keyhandover SET returned_at = given_at",
    "ledgerentry_yen_positive": "UPDATE payments_ledgerentry SET yen = 0",
    "ledgerentry_kind_known": "UPDATE payments_ledgerentry SET kind = 'lost', gateway = ''",
    "ledgerentry_money_has_gateway": "UPDATE payments_ledgerentry SET gateway = '' WHERE kind = 'collected'",
    "ledgerentry_reversal_corrects": "UPDATE payments_ledgerentry SET kind = 'reversed' WHERE kind = 'collected'",
    "ledgerentry_corrected_once": "UPDATE payments_ledgerentry SET kind = 'reversed', gateway = 'desk_cash', "
    "corrects_id = (SELECT min(id) FROM payments_ledgerentry)",
    "ledgerentry_expenditure_is_refund": "UPDATE payments_ledgerentry SET budget = 'expenditure'",
    "paper_has_content": "UPDATE payments_paper SET content = '{}'",
    "paper_receipt_has_entry": "UPDATE payments_paper SET entry_id = NULL WHERE kind = 'receipt'",
    "paidlist_done_has_moment": "UPDATE payments_paidlist SET state = 'done'",
    "paidline_taken_is_readable": "UPDATE payments_paidline SET yen = NULL",
    "paidline_booked_has_slip": "UPDATE payments_paidline SET booked_at = now()",
    "payee_fee_decided_by_municipality": "UPDATE payments_payee SET decided_by = 'hall'",
    "payee_manager_has_name": "UPDATE payments_payee SET kind = 'manager', name = ''",
    "instalment_unpaid_known": "UPDATE payments_instalment SET unpaid = 'lost'",
    "attempt_yen_positive": "UPDATE payments_attempt SET yen = 0",
    "attempt_paid_has_moment": "UPDATE payments_attempt SET state = 'paid'",
    "attemptcharge_yen_positive": "UPDATE payments_attemptcharge SET yen = 0",
    "transferlist_closed_has_moment": "UPDATE payments_transferlist SET state = 'done'",
    "dispute_yen_positive": "UPDATE payments_dispute SET yen = 0",
    "dispute_returned_after_taken": "UPDATE payments_dispute SET returned_at = now()",
    "difference_person_explains": "UPDATE payments_difference SET closed_by_id = (SELECT min(id) FROM accounts_staff)",
    "drawer_closed_by_somebody": "UPDATE payments_drawer SET closed_at = now()",
    "cashmovement_yen_positive": "UPDATE payments_cashmovement SET yen = 0",
    "cashmovement_has_ends": "UPDATE payments_cashmovement SET source_id = target_id WHERE kind = 'stocked'",
    "cashmovement_other_drawer": "UPDATE payments_cashmovement SET source_id = target_id WHERE kind = 'moved'",
    "cashmovement_money_has_entry": "UPDATE payments_cashmovement SET kind = 'taken' WHERE kind = 'stocked'",
    "cashmovement_difference_explained": "UPDATE payments_cashmovement SET memo = '' WHERE kind = 'short'",
    "cashcount_difference_explained": "UPDATE payments_cashcount SET explanation = ''",
    "handover_yen_positive": "UPDATE payments_handover SET yen = 0",
    "handover_ends_once": "UPDATE payments_handover SET withdrawn_at = now(), "
    "movement_id = (SELECT min(id) FROM payments_cashmovement)",
    "dunning_yen_positive": "UPDATE payments_dunning SET yen = 0",
    "refund_yen_positive": "UPDATE payments_refund SET yen = 0",
    "refund_done_has_moment": "UPDATE payments_refund SET state = 'done'",
    "refund_approved_by_somebody": "UPDATE payments_refund SET approved_at = now()",
    "refund_by_two_people": "UPDATE payments_refund SET approved_at = now(), approved_by_id = decided_by_id",
    "reservation_period_sane": "UPDATE booking_reservation SET ends_at = starts_at",
    "reservation_hold_has_deadline": "UPDATE booking_reservation SET held_until = NULL WHERE status = 'hold'",
    "reservation_price_has_quote": "UPDATE booking_reservation SET quote = NULL",
    "closure_period_sane": "UPDATE booking_closure SET ends_at = starts_at - interval '1 hour'",
    "claim_has_one_owner": "UPDATE booking_claim SET closure_id = NULL, reservation_id = NULL",
    "claim_occupied_sane": "UPDATE booking_claim SET occupied = 'empty'",
    "claim_release_expires": "UPDATE booking_claim SET reservation_id = NULL, closure_id = NULL, expires_at = NULL, "
    "release_id = (SELECT min(id) FROM booking_release)",
    "wait_period_sane": "UPDATE booking_wait SET ends_at = starts_at",
    "release_period_sane": "UPDATE booking_release SET ends_at = starts_at",
    "release_ends_later": "UPDATE booking_release SET free_at = started_at",
    "offer_open_is_complete": "UPDATE booking_offer SET expires_at = NULL",
    "offer_accepted_is_booked": "UPDATE booking_offer SET state = 'accepted'",
    "review_noted_by_somebody": "UPDATE booking_review SET reviewed_at = now()",
    "review_closed_has_moment": "UPDATE booking_review SET closed_at = now()",
    "review_decided_by_somebody": "UPDATE booking_review SET state = 'permitted', closed_at = now()",
    "review_refusal_has_reason": "UPDATE booking_review SET state = 'refused', closed_at = now(), "
    "decider_id = (SELECT min(id) FROM accounts_staff)",
    "permit_revoked_has_cause": "UPDATE booking_permit SET revoked_at = now()",
    "permit_reissue_has_moment": "UPDATE booking_permit SET reissues = 1",
    "offence_withdrawal_complete": "UPDATE booking_offence SET withdrawn_at = now()",
    "measure_has_one_subject": "UPDATE booking_measure SET resident_id = NULL",
    "measure_period_sane": "UPDATE booking_measure SET ends_on = starts_on",
    "measure_of_resident_once": "UPDATE booking_measure SET name = 'x'",
    "measure_of_group_once": "UPDATE booking_measure SET name = 'x', resident_id = NULL, "
    "group_id = (SELECT min(id) FROM accounts_group)",
    "appeal_decision_complete": "UPDATE booking_appeal SET state = 'accepted'",
    "exemption_relayed_by_somebody": "UPDATE booking_exemption SET relayed_at = now()",
    "exemption_decided_has_moment": "UPDATE booking_exemption SET decided_at = now()",
    "exemption_closed_has_moment": "UPDATE booking_exemption SET closed_at = now()",
    "exemption_refusal_has_reason": "UPDATE booking_exemption SET state = 'refused', reason = '', closed_at = now(), "
    "decided_at = now()",
    "exemption_measure_sane": "UPDATE booking_exemption SET percent = 101",
    "exemption_never_dearer": "UPDATE booking_exemption SET after_yen = before_yen + 1 WHERE state = 'granted'",
    "exemption_standing_named": "UPDATE booking_exemption SET basis = 'standing'",
    "standingexemption_granted_has_term": "UPDATE booking_standingexemption SET state = 'granted', valid_until = NULL, "
    "decided_at = now(), decider_id = (SELECT min(id) FROM accounts_staff)",
    "standingexemption_relayed_by_somebody": "UPDATE booking_standingexemption SET relayed_at = now()",
    "standingexemption_decided_by_somebody": "UPDATE booking_standingexemption SET decided_at = now()",
    "standingexemption_refusal_has_reason": "UPDATE booking_standingexemption SET state = 'refused', "
    "reason = '', decided_at = now(), decider_id = (SELECT min(id) FROM accounts_staff)",
    "standingexemption_measure_sane": "UPDATE booking_standingexemption SET percent = 0",
    "exemptionevidence_size_sane": "UPDATE booking_exemptionevidence SET size = 5000001",
    "exemptionevidence_one_owner": "UPDATE booking_exemptionevidence SET exemption_id = NULL, standing_id = NULL",
    "exemptionholder_one_party": "UPDATE booking_exemptionholder SET resident_id = NULL",
    "ruletrial_period_sane": "UPDATE booking_ruletrial SET first = last + 1",
    "ruletrial_done_has_result": "UPDATE booking_ruletrial SET state = 'done', finished_at = now()",
    "basketitem_period_sane": "UPDATE booking_basketitem SET ends_at = starts_at",
    "series_time_sane": "UPDATE booking_series SET ends = starts",
    "series_open_since": "UPDATE booking_series SET applied_at = NULL",
    "seriesdate_time_sane": "UPDATE booking_seriesdate SET ends = starts",
    "seriesdate_state_complete": "UPDATE booking_seriesdate SET reservation_id = NULL",
    "calendarfeed_one_subject": "UPDATE booking_calendarfeed SET room_id = (SELECT min(id) FROM facilities_room)",
}
# The constraint, the table of which a row is written twice, and what is different in the second one.
TWICE = {
    "membership_once": ("accounts_membership", {"role": "'viewer'"}),
    "facility_opendata_id_once": ("facilities_facility", {"key": "key || '-2'"}),
    "ruleversion_number_once": ("facilities_ruleversion", {}),
    "space_key_once": ("facilities_space", {}),
    "room_key_once": ("facilities_room", {}),
    "roomspace_once": ("facilities_roomspace", {}),
    "facilitystaff_once": ("facilities_facilitystaff", {}),
    "door_device_once": ("locks_door", {}),
    "doorroom_once": ("locks_doorroom", {}),
    "credential_generation_once": ("locks_credential", {"desired": "'absent'"}),
    "credential_wanted_once": ("locks_credential", {"generation": "generation + 1"}),
    "keyhandover_out_once": ("locks_keyhandover", {}),
    "charge_subject_once": ("payments_charge", {}),
    "paper_number_once": ("payments_paper", {"token": "'u'", "cause": "'u'"}),
    "paper_cause_once": ("payments_paper", {"token": "'u'", "serial": "serial + 1000"}),
    "papercharge_once": ("payments_papercharge", {}),
    "paperevent_cancelled_once": ("payments_paperevent", {}),
    "papercounter_once": ("payments_papercounter", {}),
    "paidline_number_once": ("payments_paidline", {"identity": "'x'"}),
    "paidline_taken_once": (
        "payments_paidline",
        {
            "number": "number + 100",
            "taken_at": "now()",
            "identity": "(SELECT max(identity) FROM payments_paidline WHERE taken_at IS NOT NULL)",
        },
    ),
    "payee_stripe_account_once": ("payments_payee", {}),
    "revenueitem_one_default": ("payments_revenueitem", {}),
    "instalment_number_once": ("payments_instalment", {}),
    "attempt_checkout_once": ("payments_attempt", {"ref": "gen_random_uuid()"}),
    "attemptcharge_one_live": ("payments_attemptcharge", {"attempt_id": "attempt_id + 1"}),
    "attemptcharge_once": ("payments_attemptcharge", {"live": "false"}),
    "drawer_open_once": ("payments_drawer", {"keeper_id": "(SELECT min(keeper_id) FROM payments_drawer)"}),
    "drawer_one_safe": ("payments_drawer", {"keeper_id": "NULL"}),
    "handover_open_once": ("payments_handover", {}),
    "dunning_number_once": ("payments_dunning", {}),
    "task_cause_once": ("payments_task", {}),
    "providerevent_once": ("payments_providerevent", {}),
    "dispute_once": ("payments_dispute", {}),
    "movement_once": ("payments_movement", {}),
    "reconciliation_once": ("payments_reconciliation", {}),
    "difference_cause_once": ("payments_difference", {}),
    "claim_no_overlap": ("booking_claim", {}),
    "wait_once": ("booking_wait", {"ref": "gen_random_uuid()"}),
    "offer_rank_once": (
        "booking_offer",
        {"ref": "gen_random_uuid()", "state": "'declined'", "wait_id": "(SELECT max(id) FROM booking_wait)"},
    ),
    "offer_wait_once": (
        "booking_offer",
        {"ref": "gen_random_uuid()", "state": "'declined'", "rank": "rank + 1"},
    ),
    "offer_one_at_a_time": (
        "booking_offer",
        {"ref": "gen_random_uuid()", "rank": "rank + 1", "wait_id": "(SELECT max(id) FROM booking_wait)"},
    ),
    "offence_once": ("booking_offence", {"ref": "gen_random_uuid()"}),
    "review_open_once": ("booking_review", {}),
    "exemption_open_once": ("booking_exemption", {"ref": "gen_random_uuid()"}),
    "exemption_ground_once": (
        "booking_exemption",
        {
            "ref": "gen_random_uuid()",
            "state": "'granted'",
            "ground": "'special'",
            "decided_at": "now()",
            "reservation_id": "(SELECT reservation_id FROM booking_exemption WHERE state = 'granted')",
        },
    ),
    "standingexemption_open_once": ("booking_standingexemption", {"ref": "gen_random_uuid()"}),
    "permit_number_once": ("booking_permit", {"token": "'u'"}),
    "permit_valid_once": ("booking_permit", {"token": "'u'", "serial": "serial + 1"}),
    "basketitem_once": ("booking_basketitem", {}),
    "seriesdate_once": ("booking_seriesdate", {"reservation_id": "NULL", "state": "'left_out'"}),
    "idempotencykey_once": ("booking_idempotencykey", {}),
    "ruletrial_open_once": ("booking_ruletrial", {}),
}

# A reservation is reviewed, and its permit is issued.
REVIEWED = [
    "INSERT INTO booking_review (reservation_id, state, reasons, applied_at, opinion, conditions, refusal_reason, "
    "instruction) SELECT id, 'applied', '[]', now(), '', '', '', '' FROM booking_reservation LIMIT 1",
    "INSERT INTO booking_permit (reservation_id, fiscal_year, serial, token, content, issued_at, reissues, "
    "revoked_because) SELECT id, 2026, 1, 't', '{}', now(), 0, '' FROM booking_reservation LIMIT 1",
]


@pytest.fixture
def full(aiko, dai, emi, now):
    """Akiruno with a row in every table that has a constraint."""
    plant(aiko, dai, emi, now)
    with inside(aiko.municipality):
        execute(
            "INSERT INTO booking_idempotencykey (scope, key, request_hash, created_at) VALUES ('s', 'k', '', now())",
            "INSERT INTO locks_keyhandover (credential_id, given_to, given_at, given_by_id) "
            "SELECT c.id, 'x', now(), s.id FROM locks_credential c, accounts_staff s LIMIT 1",
            *REVIEWED,
            "UPDATE booking_ruletrial SET state = 'waiting', result = NULL, finished_at = NULL",
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(
                f"ALTER TABLE {table} DISABLE TRIGGER USER"
                for table in (
                    *("payments_cashmovement", "payments_cashcount", "payments_dunning"),
                    "payments_ledgerentry",
                    "payments_paper",
                    "payments_papercharge",
                    "payments_paperevent",
                )
            ),
        )
        yield


def execute(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def copy(table, different):
    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        columns = [one for one in columns if one != "id"]
        values = ", ".join(different.get(one, f'"{one}"') for one in columns)
        names = ", ".join(f'"{one}"' for one in columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} LIMIT 1")


def refused_by(constraint, write):
    """Whether the constraint, and no other, stands in the way; what was written is taken back."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except IntegrityError as error:
        return constraint in str(error)
    return False


def test_a_wrong_value_is_refused_by_each_constraint(full):
    """All in one test: filling the tables takes far longer than trying them."""
    tried = {one: refused_by(one, lambda one=one: execute(CHANGES[one])) for one in CHANGES}
    assert [one for one, refused in tried.items() if not refused] == []


def test_the_same_again_is_refused_by_each_constraint(full):
    tried = {one: refused_by(one, lambda one=one: copy(*TWICE[one])) for one in TWICE}
    assert [one for one, refused in tried.items() if not refused] == []


def test_a_right_value_is_not_refused(full):
    assert not refused_by("", lambda: execute("UPDATE accounts_resident SET name = 'x'"))


def test_an_account_at_a_provider_belongs_to_one_municipality(aiko, chika, now):
    with inside_public():
        facts = {"provider": "stripe", "account": "acct_1", "created_at": now}
        ProviderAccount.objects.create(municipality=aiko.municipality, **facts)
        with pytest.raises(IntegrityError, match="provideraccount_once"), transaction.atomic():
            ProviderAccount.objects.create(municipality=chika.municipality, **facts)
