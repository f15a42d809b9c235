"""Refusals about baskets. The docstring of a class is what the resident reads."""

from __future__ import annotations

from tenants.errors import Refusal


class BasketEmpty(Refusal):
    """予約かごは、空です。部屋と時間をえらんで、かごに入れてください。"""

    code = "basket_empty"
    status = 422


class BasketFull(Refusal):
    """予約かごが、いっぱいです。先に、かごの中を予約するか、減らしてください。"""

    code = "basket_full"


class NotInBasket(Refusal):
    """これは、もう予約かごの中にありません。"""

    code = "not_in_basket"
    status = 404
