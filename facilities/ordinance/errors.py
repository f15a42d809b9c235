"""What the engine refuses. The docstring of a class is the message to people."""

from __future__ import annotations


class OrdinanceError(Exception):
    """規則で答えられませんでした。"""

    code = "ordinance_error"

    def __str__(self) -> str:
        return (type(self).__doc__ or "").strip()


class UnknownFacility(OrdinanceError):
    """この施設は規則の文書にありません。"""

    code = "unknown_facility"


class UnknownRoom(OrdinanceError):
    """この部屋は規則の文書にありません。"""

    code = "unknown_room"


class NoPrice(OrdinanceError):
    """この時間の使用料は規則に定められていません。"""

    code = "no_price"


class NotSettled(NoPrice):
    """この場合の割増や割引の額は、規則に定められていません。職員が決めます。"""

    code = "not_settled"


class MissingAnswer(NoPrice):
    """使用料を計算するために必要な数が入力されていません。"""

    code = "missing_answer"


class NoSuchPlace(OrdinanceError):
    """この項目は、文書にありません。ほかの人が、この間に文書を変えたのかもしれません。"""

    code = "no_such_place"


class NotEditable(OrdinanceError):
    """この項目は、書き方が特別なので、フォームでは変えられません。文書を直接書いて、変えてください。"""

    code = "not_editable"


class NotInStock(NoPrice):
    """この附属設備などは、そんなに多くありません。"""

    code = "not_in_stock"
