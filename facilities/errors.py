"""Refusals about halls, rooms and rules documents."""

from __future__ import annotations

from tenants.errors import Refusal


class FacilityNotFound(Refusal):
    """この施設は、見つかりません。"""

    code = "facility_not_found"
    status = 404


class RoomNotFound(Refusal):
    """この部屋は、見つかりません。"""

    code = "room_not_found"
    status = 404


class InvalidRules(Refusal):
    """規則の文書に、まちがいがあります。"""

    code = "invalid_rules"
    status = 422


class CasesFailed(Refusal):
    """規則の文書にある確認用の例に、答えが合わないものがあります。"""

    code = "cases_failed"
    status = 422


class RoomsMissing(Refusal):
    """いま貸し出している部屋が、新しい規則の文書にありません。部屋を文書に加えるか、先に部屋を閉じてください。"""

    code = "rooms_missing"
    status = 422


class CaseWithoutAnswer(Refusal):
    """この例には、答えが出ていないので、正しいとすることはできません。例を直すか、消してください。"""

    code = "case_without_answer"
    status = 422


class ModelNotFound(Refusal):
    """この手本は、見つかりません。一覧から選んでください。"""

    code = "model_not_found"
    status = 404


class HallsElsewhere(Refusal):
    """ほかの規則の文書が、同じ記号（key）の施設を使っています。この文書で、記号を変えるか、施設を消してください。"""

    code = "halls_elsewhere"
    status = 422


class NoRulesYet(Refusal):
    """この日に使える規則が、まだありません。"""

    code = "no_rules_yet"


class RulesNotFound(Refusal):
    """この規則は、見つかりません。"""

    code = "rules_not_found"
    status = 404


class RulesInForce(Refusal):
    """この版は、もう始まっているので、取りやめられません。変えるには、新しい版を公開してください。"""

    code = "rules_in_force"


class RulesWithdrawn(Refusal):
    """この版は、もう取りやめられています。"""

    code = "rules_withdrawn"


class OnlyRules(Refusal):
    """ほかに使える版がないので、この版は取りやめられません。先に、新しい版を公開してください。"""

    code = "only_rules"


class EffectiveTooEarly(Refusal):
    """使い始める日は、今日か、今日より後の日にしてください。"""

    code = "effective_too_early"
    status = 422


class DraftNotFound(Refusal):
    """下書きが、ありません。「規則を変える」から、はじめてください。"""

    code = "draft_not_found"
    status = 404


class DraftExists(Refusal):
    """書きかけの下書きが、もうあります。続きを書くか、先に捨ててください。"""

    code = "draft_exists"


class DraftChanged(Refusal):
    """この間に、ほかの人が下書きを変えました。いまの内容を見て、もう一度変えてください。書いたものは、下に残っています。"""

    code = "draft_changed"


class DraftTooLong(Refusal):
    """文書が長すぎます（100万字まで）。"""

    code = "draft_too_long"
    status = 422


class KeyTaken(Refusal):
    """この記号（key）は、もう使われています。"""

    code = "key_taken"
    status = 422


class RoomHasReservations(Refusal):
    """予約がある部屋なので、使う場所（スペース）は変えられません。"""

    code = "room_has_reservations"


class KindNotFound(Refusal):
    """この登録は、いまの規則にありません。一覧から選び直してください。"""

    code = "kind_not_found"
    status = 404


class RegistrationNotFound(Refusal):
    """この登録は、見つかりません。"""

    code = "registration_not_found"
    status = 404


class AlreadyRegistered(Refusal):
    """この団体は、もう登録されています。期限が近づくと、更新の手続きができます。"""

    code = "already_registered"


class RegistrationOpen(Refusal):
    """この登録の手続きは、もう始まっています。その続きから進めてください。"""

    code = "registration_open"


class NotInThisState(Refusal):
    """登録の状態が変わったので、できませんでした。ページを開き直して、いまの状態を見てください。"""

    code = "registration_state_changed"


class RequirementsNotMet(Refusal):
    """登録の条件に合わないところがあります。"""

    code = "requirements_not_met"
    status = 422


class RosterNeeded(Refusal):
    """名簿に、だれも書かれていません。先に名簿を書いてください。"""

    code = "roster_needed"
    status = 422


class RosterUnderReview(Refusal):
    """いま審査をしているので、名簿は変えられません。直したいときは、申込みをとりさげてください。"""

    code = "roster_under_review"


class ReasonNeeded(Refusal):
    """理由を書いてください。相手に届きます。"""

    code = "reason_needed"
    status = 422


class ExceptionUnknown(Refusal):
    """この例外は、規則にありません。"""

    code = "exception_unknown"
    status = 422


class ClassUnknown(Refusal):
    """この区分は、規則にありません。"""

    code = "class_unknown"
    status = 422


class RenewalNotOpen(Refusal):
    """いまは、更新の手続きの期間ではありません。"""

    code = "renewal_not_open"


class EvidenceTooLarge(Refusal):
    """ファイルが大きすぎます。一つ5MBまでです。写真なら、小さくして送ってください。"""

    code = "evidence_too_large"
    status = 422


class EvidenceUnknownType(Refusal):
    """この種類のファイルは、受け取れません。PDF、写真（JPEG・PNG・HEIC）、Word、Excel のファイルにしてください。"""

    code = "evidence_unknown_type"
    status = 422


class TooMuchEvidence(Refusal):
    """書類は、10個までです。要らないものを消してから、加えてください。"""

    code = "too_much_evidence"
    status = 422


class EvidenceNotFound(Refusal):
    """この書類は、見つかりません。"""

    code = "evidence_not_found"
    status = 404
