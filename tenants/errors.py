"""Refusals of the whole house start here: one class per refusal, the docstring is the message."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar


class Refusal(Exception):
    """この操作は、できませんでした。"""

    # ``code`` is the stable name programs see; ``status`` the HTTP status a face answers with.
    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        """Keep an own Japanese sentence (else the class's) and the facts that explain the refusal."""
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        self.facts = facts
        super().__init__(self.message)


class MunicipalityExists(Refusal):
    """この団体コードの自治体は、もう登録されています。"""

    code = "municipality_exists"


class HostTaken(Refusal):
    """このホスト名は、もう使われています。"""

    code = "host_taken"


class InvalidMunicipality(Refusal):
    """自治体の情報に、まちがいがあります。"""

    code = "invalid_municipality"
    status = 422


class MunicipalityNotFound(Refusal):
    """この団体コードの自治体は、見つかりません。"""

    code = "municipality_not_found"
    status = 404


class NotPrepared(Refusal):
    """データベースの準備が、まだ終わっていません。管理者が prepare_database を実行してから、もう一度お試しください。"""

    code = "not_prepared"
    status = 503


class AccountTaken(Refusal):
    """この決済アカウントは、ほかの自治体が使っています。"""

    code = "account_taken"
