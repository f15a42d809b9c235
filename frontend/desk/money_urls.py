"""Addresses of the money pages of the desk, below /desk/money/."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.desk import daily, drawers, money, money_tasks, refunds, reversals

MONEY_PAGES = [
    path("money/", money.menu, name="money"),
    path("money/drawer/", drawers.drawer, name="drawer"),
    path("money/drawer/put-away/", drawers.move, {"act": "put-away"}, name="drawer-put-away"),
    path("money/drawer/deposit/", drawers.move, {"act": "deposit"}, name="drawer-deposit"),
    path("money/drawer/count/", drawers.count, {"act": "count"}, name="drawer-count"),
    path("money/drawer/close/", drawers.count, {"act": "close"}, name="drawer-close"),
    path("money/drawer/hand-over/", drawers.hand_over, name="hand-over"),
    path(
        "money/hand-over/<int:hand_over_id>/accept/",
        drawers.answer,
        {"act": "accept"},
        name="hand-over-accept",
    ),
    path(
        "money/hand-over/<int:hand_over_id>/withdraw/",
        drawers.answer,
        {"act": "withdraw"},
        name="hand-over-withdraw",
    ),
    path("money/safe/<slug:facility_key>/", drawers.safe, name="safe"),
    path("money/safe/<slug:facility_key>/stock/", drawers.safe, {"act": "stock"}, name="safe-stock"),
    path("money/safe/<slug:facility_key>/deposit/", drawers.safe, {"act": "deposit"}, name="safe-deposit"),
    path("money/safe/<slug:facility_key>/count/", drawers.safe, {"act": "count"}, name="safe-count"),
    path("money/daily/", daily.halls, name="daily-halls"),
    re_path(
        "^money/daily/(?P<facility_key>[-a-zA-Z0-9_]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$",
        daily.daily,
        name="daily",
    ),
    path("reservation/<uuid:ref>/collections/", reversals.collections, name="collections"),
    path("money/refunds/", refunds.refunds, name="refunds"),
    path("money/refunds/<uuid:refund>/", refunds.refund, name="refund-one"),
    path("money/tasks/", money_tasks.tasks, name="money-tasks"),
    path("money/tasks/<int:task_id>/", money_tasks.task, name="money-task"),
]
