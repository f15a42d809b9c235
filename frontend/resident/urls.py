"""Addresses of the resident's pages."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.exempting.urls import RESIDENT_PAGES
from frontend.resident.views import (
    availability,
    basket,
    booking,
    changing,
    groups,
    members,
    my,
    notices,
    paying,
    refunds,
    series,
)
from frontend.resident.views.penalties import appeal, penalties
from frontend.views.line_webhook import line_webhook
from frontend.views.stripe_webhook import stripe_webhook

_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"

urlpatterns = [
    *RESIDENT_PAGES,
    path("", availability.home, name="home"),
    path("h/<slug:facility_key>/", availability.hall, name="hall"),
    re_path(rf"^h/(?P<facility_key>[-\w]+)/{_DAY}/$", availability.hall_day, name="hall-day"),
    path("h/<slug:facility_key>/<slug:room_key>/", availability.room, name="room"),
    re_path(
        rf"^h/(?P<facility_key>[-\w]+)/(?P<room_key>[-\w]+)/{_DAY}/$", availability.room_day, name="room-day"
    ),
    path("rules/<slug:facility_key>/", availability.hall_rules_page, name="hall-rules"),
    path("book/<uuid:ref>/", booking.hold, name="hold"),
    path("book/<uuid:ref>/check/", booking.check, name="check"),
    path("book/<uuid:ref>/release/", booking.release, name="release"),
    path("again/", booking.again, name="again"),
    path("my/", my.my, name="my"),
    path("my/notices/", notices.notices, name="my-notices"),
    path("my/notices/line/", notices.line_code, name="my-line-code"),
    path("my/notices/line/off/", notices.line_unlink, name="my-line-unlink"),
    path("line/webhook/", line_webhook, name="line-webhook"),
    path("stripe/webhook/", stripe_webhook, name="stripe-webhook"),
    path("my/details/", my.details, name="my-details"),
    path("my/r/<uuid:ref>/", my.reservation, name="reservation"),
    path("my/r/<uuid:ref>/done/", my.done, name="done"),
    path("my/r/<uuid:ref>/cancel/", my.cancel, name="cancel"),
    path("my/r/<uuid:ref>/cancelled/", my.cancelled, name="cancelled"),
    path("my/r/<uuid:ref>/refund/<uuid:refund>/", refunds.refund, name="refund"),
    path("my/r/<uuid:ref>/change/", changing.change, name="change"),
    path("my/r/<uuid:ref>/change/check/", changing.change_check, name="change-check"),
    path("my/r/<uuid:ref>/changed/", changing.changed, name="changed"),
    path("my/r/<uuid:ref>/answer/", changing.answer, name="answer"),
    path("my/pay/", paying.pay, name="pay"),
    path("my/pay/way/", paying.pay_way, name="pay-way"),
    path("my/pay/<uuid:ref>/", paying.payment, name="payment"),
    path("my/penalties/", penalties, name="my-penalties"),
    path("my/penalties/<uuid:offence>/appeal/", appeal, name="my-appeal"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new, name="group-new"),
    path("groups/act/", groups.act, name="group-act"),
    path("groups/join/<str:token>/", members.join, name="group-join"),
    path("groups/<uuid:ref>/", groups.group, name="group"),
    path("groups/<uuid:ref>/details/", groups.details, name="group-details"),
    path("groups/<uuid:ref>/register/", groups.register, name="group-register"),
    path("groups/<uuid:ref>/invite/", members.invite, name="group-invite"),
    path("groups/<uuid:ref>/invite/<int:invitation_id>/", members.withdraw, name="group-withdraw"),
    path("groups/<uuid:ref>/member/<int:member_id>/", members.member, name="group-member"),
    path("groups/r/<uuid:registration>/roster/", groups.roster, name="group-roster"),
    path("groups/r/<uuid:registration>/roster/<int:entry_id>/", groups.person, name="group-person"),
    path("groups/r/<uuid:registration>/papers/", groups.papers, name="group-papers"),
    path("groups/r/<uuid:registration>/evidence/", groups.evidence, name="group-evidence"),
    path("groups/r/<uuid:registration>/evidence/<uuid:file_ref>/", groups.file, name="group-file"),
    path("groups/r/<uuid:registration>/check/", groups.check, name="group-check"),
    path("groups/r/<uuid:registration>/apply/", groups.hand_in, name="group-apply"),
    path("groups/r/<uuid:registration>/drop/", groups.drop, name="group-drop"),
    path("groups/r/<uuid:registration>/renew/", groups.renew, name="group-renew"),
    path("basket/", basket.basket, name="basket"),
    path("basket/<int:item_id>/", basket.item, name="basket-item"),
    path("basket/use/", basket.use, name="basket-use"),
    path("basket/check/", basket.check, name="basket-check"),
    path("basket/done/<uuid:ref>/", basket.done, name="basket-done"),
    path("series/", series.series_list, name="series-list"),
    path("series/new/", series.new, name="series-new"),
    path("series/<uuid:ref>/", series.series, name="series"),
    path("series/<uuid:ref>/edit/", series.edit, name="series-edit"),
    path("series/<uuid:ref>/use/", series.use, name="series-use"),
    path("series/<uuid:ref>/dates/", series.dates, name="series-dates"),
    path("series/<uuid:ref>/cancel/", series.cancel, name="series-cancel"),
    path("series/<uuid:ref>/move/", series.move, name="series-move"),
    path("series/<uuid:ref>/date/<int:date_id>/", series.date, name="series-date"),
    path("series/<uuid:ref>/again/", series.again, name="series-again"),
]
