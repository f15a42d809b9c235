"""Refusals about lists of facilities."""

from __future__ import annotations

from tenants.errors import Refusal


class ListTooLarge(Refusal):
    """ファイルが大きすぎます。5MB・20,000行までにしてください。"""

    code = "list_too_large"
    status = 422


class NotAList(Refusal):
    """公共施設一覧の見出し（名称・住所・緯度など）が見つかりません。CSV のファイルを選んでください。"""

    code = "not_a_list"
    status = 422


class QuoteNotClosed(Refusal):
    """「"」で始まる欄が、閉じられていません。もとのファイルで直してください。"""

    code = "quote_not_closed"
    status = 422


class ImportNotFound(Refusal):
    """この取り込みは、見つかりません。もう一度ファイルを選んでください。"""

    code = "import_not_found"
    status = 404


class NothingChosen(Refusal):
    """施設が一つも選ばれていません。取り込む施設を選んでください。"""

    code = "nothing_chosen"
    status = 422
