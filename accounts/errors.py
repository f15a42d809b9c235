"""Refusals about people and their log-ins."""

from __future__ import annotations

from tenants.errors import Refusal


class StaffExists(Refusal):
    """このメールアドレスの職員は、もう登録されています。"""

    code = "staff_exists"
    status = 422


class StaffNotFound(Refusal):
    """この職員は、見つかりません。"""

    code = "staff_not_found"
    status = 404


class LastAdmin(Refusal):
    """自治体管理者が一人もいなくなるので、できません。先に、ほかの人を自治体管理者にしてください。"""

    code = "last_admin"


class ClassNotYours(Refusal):
    """この区分は、館が決めます。ご自身では選べません。"""

    code = "class_not_yours"
    status = 422


class ResidentNotFound(Refusal):
    """この利用者は、見つかりません。"""

    code = "resident_not_found"
    status = 404


class TokenNotFound(Refusal):
    """このAPIトークンは、見つかりません。"""

    code = "token_not_found"
    status = 404
