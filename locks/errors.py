"""Refusals of locks. The docstring is what the clerk or the resident reads."""

from __future__ import annotations

from tenants.errors import Refusal


class UnknownAdapter(Refusal):
    """この種類の錠は、使えません。"""

    code = "unknown_adapter"
    status = 422


class InvalidDoor(Refusal):
    """ドアの情報に、まちがいがあります。名前と、同じ館の部屋を選んでください。"""

    code = "invalid_door"
    status = 422


class DoorNotFound(Refusal):
    """このドアは、見つかりません。"""

    code = "door_not_found"
    status = 404


class NoKeyToHandOver(Refusal):
    """この予約で渡す鍵は、ありません。"""

    code = "no_key_to_hand_over"


class KeyAlreadyOut(Refusal):
    """この鍵は、もう渡しています。"""

    code = "key_already_out"


class KeyNotOut(Refusal):
    """この鍵は、渡していないか、もう返っています。"""

    code = "key_not_out"
