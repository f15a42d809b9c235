"""Refusals of the settings of money. The docstring is what the municipality's admin reads."""

from __future__ import annotations

from tenants.errors import Refusal


class NotARegistrationNumber(Refusal):
    """登録番号が、正しくありません。Tと13けたの数字を、通知書のとおりに書いてください。"""

    code = "not_a_registration_number"
    status = 422


class ManagerNeedsName(Refusal):
    """指定管理者の名前を書いてください。"""

    code = "manager_needs_name"
    status = 422


class FeeDecidedByMunicipality(Refusal):
    """使用料の減免や還付は、館では決められません。「自治体の管理者」を選んでください。"""

    code = "fee_decided_by_municipality"
    status = 422


class MoneyTaken(Refusal):
    """ここで受け取ったお金があるので、これは変えられません。新しく加えて、館の決まりで選んでください。"""

    code = "money_taken"


class ItemNotFound(Refusal):
    """この歳入科目は、見つかりません。"""

    code = "item_not_found"
    status = 404


class UnknownWay(Refusal):
    """この支払方法は、ありません。"""

    code = "unknown_way"
    status = 422


class NoWay(Refusal):
    """支払方法を、一つは選んでください。"""

    code = "no_way"
    status = 422


class OneDefaultNeeded(Refusal):
    """決まりのない館の歳入科目が、一つ要ります。ほかの科目のほうで選んでください。"""

    code = "one_default_needed"
