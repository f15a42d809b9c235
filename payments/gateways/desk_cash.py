"""Cash at the desk: settled the moment the clerk notes it."""

from __future__ import annotations

from payments.gateways.base import Cap, Limits


class DeskCash:
    """Notes and coins taken and given back by a clerk."""

    key = "desk_cash"
    refund_route = "desk_cash"
    caps = Cap.AT_DESK | Cap.PARTIAL_REFUND
    limits = Limits()
