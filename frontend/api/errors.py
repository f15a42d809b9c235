"""Refusals that only the API knows."""

from __future__ import annotations

from collections.abc import Mapping

from tenants.errors import Refusal


class InvalidInput(Refusal):
    """送信された内容に、まちがいがあります。"""

    code = "invalid_input"
    status = 422

    def __init__(self, errors: list[dict[str, str]]) -> None:
        """Keep one {pointer|parameter, detail} for each mistake."""
        super().__init__(errors=errors)


class InvalidCursor(Refusal):
    """つづきを表す cursor が、正しくありません。はじめから取得してください。"""

    code = "invalid_cursor"
    status = 422


class InvalidIdempotencyKey(Refusal):
    """Idempotency-Key は、1〜100文字の英数字や記号で書いてください。"""

    code = "invalid_idempotency_key"
    status = 400


class NotARegisteredResident(Refusal):
    """このログインは、利用者としても職員としても登録されていません。"""

    code = "not_a_resident"
    status = 403


class OtherHall(Refusal):
    """この館の予約は、あなたの担当ではありません。"""

    code = "other_hall"
    status = 403


class NothingBooked(Refusal):
    """1つも予約できませんでした。理由を見て、部屋や時間をえらび直してください。"""

    code = "nothing_booked"

    def __init__(self, refused: Mapping[int, Refusal]) -> None:
        """Keep what was refused, by its place."""
        super().__init__(None, refused=dict(refused))


class DoorCodeNotYours(Refusal):
    """暗証番号は、予約した本人だけが見られます。"""

    code = "door_code_not_yours"
    status = 403


class DoorCodeNotYet(Refusal):
    """暗証番号は、利用開始の24時間前から見られます。"""

    code = "door_code_not_yet"


class NoDoorCode(Refusal):
    """この予約には、いま見られる暗証番号がありません。"""

    code = "no_door_code"
    status = 404
