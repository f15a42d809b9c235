"""Refusals about the bank's lists of what was paid. The docstring is what the clerk reads."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tenants.errors import Refusal


class PaidListNotFound(Refusal):
    """この一覧は、見つかりません。"""

    code = "paid_list_not_found"
    status = 404


class WrongEncoding(Refusal):
    """このファイルの文字が読めません。一覧の形式の「文字の種類」を確かめてください。"""

    code = "wrong_encoding"
    status = 422


class ListTooLarge(Refusal):
    """ファイルが大きすぎます。2万行、4MBまでのファイルにしてください。"""

    code = "paid_list_too_large"
    status = 422


class EmptyList(Refusal):
    """入金の行が、1つもありません。ファイルと、一覧の形式を確かめてください。"""

    code = "empty_list"
    status = 422


class ColumnMissing(Refusal):
    """列が見つかりません。一覧の形式を確かめてください。"""

    code = "column_missing"
    status = 422

    def __init__(self, *, column: str) -> None:
        """Name the column that was looked for."""
        words = _("「{column}」の列が見つかりません。一覧の形式を確かめてください。")
        super().__init__(words.format(column=column), column=column)


class ListAlreadyCarriedOut(Refusal):
    """この一覧は、もう処理を始めています。"""

    code = "list_already_carried_out"


class LinesUnreadable(Refusal):
    """読めない行があります。入金の行でないことを確かめてから、しるしをつけてください。"""

    code = "lines_unreadable"


class LineAlreadyBooked(Refusal):
    """この入金は、もう料金に入れました。"""

    code = "line_already_booked"


class NoSuchSlip(Refusal):
    """この番号の納付書は、ありません。"""

    code = "no_such_slip"
    status = 422


class BadColumns(Refusal):
    """列の書き方を確かめてください。"""

    code = "bad_columns"
    status = 422

    def __init__(self, *, line: int) -> None:
        """Name the line that cannot be read; 0: the name is taken."""
        words = (
            _("{line}行目の列の書き方を確かめてください。") if line else _("この名前の形式は、もうあります。")
        )
        super().__init__(words.format(line=line), line=line)
