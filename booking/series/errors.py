"""Refusals about series. The docstring of a class is what the resident reads."""

from __future__ import annotations

from collections.abc import Mapping

from tenants.errors import Refusal


class SeriesNotFound(Refusal):
    """このくり返しの予約は、見つかりません。"""

    code = "series_not_found"
    status = 404


class SeriesEmpty(Refusal):
    """予約する日がありません。日を1つ以上えらんでください。"""

    code = "series_empty"
    status = 422


class SeriesTooLong(Refusal):
    """日が多すぎます。期間を短くするか、部屋を少なくしてください。"""

    code = "series_too_long"
    status = 422


class SeriesApplied(Refusal):
    """このくり返しの予約は、もう申し込まれています。"""

    code = "series_applied"


class SeriesNotWhole(Refusal):
    """予約できない日があったため、1つも予約していません。日をえらび直すか、空いている日だけを予約してください。"""

    code = "series_not_whole"

    def __init__(self, refused: Mapping[str, Refusal]) -> None:
        """Keep what was refused, by the key of its date."""
        super().__init__(None, refused=dict(refused))


class BadSeries(Refusal):
    """くり返し方に、まちがいがあります。曜日、回数、終わりの日を確かめてください。"""

    code = "bad_series"
    status = 422


class DateNotOpen(Refusal):
    """この日は、もう予約されているか、変えられません。"""

    code = "series_date_not_open"
