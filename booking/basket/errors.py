"""Refusals about baskets. The docstring of a class is what the resident reads."""

from __future__ import annotations

from collections.abc import Mapping

from tenants.errors import Refusal


class BasketEmpty(Refusal):
    """予約かごは、空です。部屋と時間をえらんで、かごに入れてください。"""

    code = "basket_empty"
    status = 422


class BasketFull(Refusal):
    """予約かごが、いっぱいです。先に、かごの中を予約するか、減らしてください。"""

    code = "basket_full"


class BasketChanged(Refusal):
    """予約かごの中が、ほかの画面で変わりました。いまの中身を確かめて、もう一度押してください。"""

    code = "basket_changed"


class NotInBasket(Refusal):
    """これは、もう予約かごの中にありません。"""

    code = "not_in_basket"
    status = 404


class BasketNotWhole(Refusal):
    """予約できないものがあったため、1つも予約していません。時間をえらび直すか、空いているものだけを予約してください。"""

    code = "basket_not_whole"

    def __init__(self, refused: Mapping[int, Refusal]) -> None:
        """Keep what was refused, by its place in the basket."""
        super().__init__(None, refused=dict(refused))
