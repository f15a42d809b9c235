"""Addresses of the hall manager's pages, below /desk/."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.desk import (
    bookings,
    changing,
    closures,
    groups,
    money,
    notices,
    official,
    papers,
    reservations,
    reviews,
    sheets,
)
from frontend.desk.money_urls import MONEY_PAGES
from frontend.desk.penalty_urls import PENALTY_PAGES
from frontend.desk.several_urls import SEVERAL_PAGES
from frontend.exempting.urls import DESK_PAGES

app_name = "desk"
_HALL = r"^(?P<facility_key>[-a-zA-Z0-9_]+)/"
_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/"

urlpatterns = [
    path("", sheets.home, name="home"),
    path("reservation/<uuid:ref>/", reservations.reservation, name="reservation"),
    path("reservation/<uuid:ref>/attendance/", reservations.attendance, name="attendance"),
    path("reservation/<uuid:ref>/cancel/", reservations.cancel, name="cancel"),
    path("reservation/<uuid:ref>/change/", changing.change, name="change"),
    path("reservation/<uuid:ref>/change/check/", changing.change_check, name="change-check"),
    path("reservation/<uuid:ref>/key/", reservations.key, name="key"),
    path("reservation/<uuid:ref>/cash/", money.cash, name="cash"),
    path("reservation/<uuid:ref>/price/", money.price, name="price"),
    path("reservation/<uuid:ref>/receipt/", money.receipt, name="receipt"),
    path("reservation/<uuid:ref>/papers/", papers.papers, name="papers"),
    path("reservation/<uuid:ref>/papers/<str:token>.pdf", papers.paper, name="paper"),
    path("reservation/<uuid:ref>/papers/<str:token>/again/", papers.again, name="paper-again"),
    path("reservation/<uuid:ref>/slip/", papers.slip, name="slip"),
    path("reservation/<uuid:ref>/refund/", money.refund, name="refund"),
    path("reservation/<uuid:ref>/notices/", notices.of_reservation, name="reservation_notices"),
    path("reservation/<uuid:ref>/notices/<int:notice_id>/again/", notices.again, name="notice_again"),
    path("notices/", notices.mine, name="notices"),
    path("closure/<int:closure_id>/", closures.closure, name="closure"),
    path("displacement/<uuid:ref>/", official.displacement, name="displacement"),
    *MONEY_PAGES,
    *PENALTY_PAGES,
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new, name="group-new"),
    path("groups/<uuid:ref>/", groups.group, name="group"),
    path("groups/<uuid:ref>/invite/", groups.invite, name="group-invite"),
    path("groups/r/<uuid:registration>/", groups.review, name="registration"),
    path("groups/r/<uuid:registration>/end/", groups.end, name="registration-end"),
    path("groups/r/<uuid:registration>/renew/", groups.renew, name="group-renew"),
    path("groups/r/<uuid:registration>/roster/", groups.roster, name="group-roster"),
    path("groups/r/<uuid:registration>/roster/<int:entry_id>/", groups.person, name="group-person"),
    path("groups/r/<uuid:registration>/papers/", groups.papers, name="group-papers"),
    path("groups/r/<uuid:registration>/evidence/", groups.evidence, name="group-evidence"),
    path("groups/r/<uuid:registration>/evidence/<uuid:file_ref>/", groups.file, name="group-file"),
    path("groups/r/<uuid:registration>/check/", groups.check, name="group-check"),
    path("groups/r/<uuid:registration>/apply/", groups.hand_in, name="group-apply"),
    path("groups/r/<uuid:registration>/drop/", groups.drop, name="group-drop"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:ref>/", reviews.review, name="review"),
    path("reservation/<uuid:ref>/permit.pdf", reviews.permit, name="permit"),
    path("reservation/<uuid:ref>/permit/again/", reviews.permit_again, name="permit-again"),
    *SEVERAL_PAGES,
    *DESK_PAGES,
    path("<slug:facility_key>/", sheets.hall, name="hall"),
    path("<slug:facility_key>/close/", closures.close, name="close"),
    path("<slug:facility_key>/official/", official.official, name="official"),
    re_path(f"{_HALL}{_DAY}$", sheets.sheet, name="sheet"),
    re_path(rf"{_HALL}(?P<room_key>[-a-zA-Z0-9_]+)/{_DAY}new/$", bookings.new, name="new"),
]
