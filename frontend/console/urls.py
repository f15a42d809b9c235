"""Addresses of the municipality admin's pages, below /console/."""

from __future__ import annotations

from django.urls import include, path

from frontend.console import closures, doors, hall_imports, halls, people, reservations, tokens, trials
from frontend.console.rules import (
    drafts,
    fee_tables,
    new_books,
    new_sets,
    parts,
    publishing,
    versions,
    worked_cases,
)
from frontend.exempting.urls import CONSOLE_PAGES

app_name = "console"
urlpatterns = [
    path("", halls.home, name="home"),
    path("halls/", halls.halls, name="halls"),
    path("halls/new/", halls.add_hall, name="add_hall"),
    path("halls/register/", halls.register_place, name="register_place"),
    path("halls/import/", hall_imports.imports, name="imports"),
    path("halls/import/<uuid:ref>/", hall_imports.preview, name="import"),
    path("halls/import/<uuid:ref>/confirm/", hall_imports.confirm, name="import_confirm"),
    path("halls/import/<uuid:ref>/report.csv", hall_imports.report, name="import_report"),
    path("halls/<slug:facility_key>/", halls.hall, name="hall"),
    path("halls/<slug:facility_key>/spaces/new/", halls.new_space, name="add_space"),
    path("halls/<slug:facility_key>/rooms/new/", halls.new_room, name="add_room"),
    path("halls/<slug:facility_key>/rooms/<slug:room_key>/", halls.room, name="room"),
    path("closures/", closures.closures, name="closures"),
    path("closures/new/<slug:facility_key>/", closures.close, name="close"),
    path("closures/<int:closure_id>/lift/", closures.lift, name="lift"),
    path("staff/", people.staff_list, name="staff"),
    path("staff/new/", people.invite, name="invite"),
    path("staff/<int:staff_id>/", people.member, name="member"),
    path("notices/", include("frontend.console.notices.urls")),
    path("money/", include("frontend.console.money.urls")),
    path("treasury/", include("frontend.console.treasury.urls")),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke"),
    path("doors/", doors.doors, name="doors"),
    path("rules/", versions.books, name="rules"),
    path("rules/new/", new_books.new_book, name="new_book"),
    path("rules/<int:book_id>/<int:number>/", versions.version, name="version"),
    path("rules/<int:book_id>/<int:number>.yaml", versions.version_text, name="version_text"),
    path("rules/<int:book_id>/<int:number>/withdraw/", versions.withdraw, name="withdraw"),
    path("rules/<int:book_id>/draft/", drafts.draft, name="draft"),
    path("rules/<int:book_id>/draft/new/", drafts.begin, name="draft_begin"),
    path("rules/<int:book_id>/draft/text/", drafts.text, name="draft_text"),
    path("rules/<int:book_id>/draft.yaml", drafts.download, name="draft_download"),
    path("rules/<int:book_id>/draft/drop/", drafts.drop, name="draft_drop"),
    path("rules/<int:book_id>/draft/fees/<int:hall>/", fee_tables.fees, name="draft_fees"),
    path("rules/<int:book_id>/draft/part/<path:place>/", parts.part, name="draft_part"),
    path("rules/<int:book_id>/draft/add/<path:place>/", parts.add, name="draft_add"),
    path("rules/<int:book_id>/draft/list/<path:place>/", parts.change_list, name="draft_list"),
    path("rules/<int:book_id>/draft/sets/<slug:chapter>/new/", new_sets.new_set, name="draft_new_set"),
    path("rules/<int:book_id>/draft/case/", worked_cases.add_case, name="draft_case"),
    path(
        "rules/<int:book_id>/draft/case/<int:case_number>/",
        worked_cases.change_case,
        name="draft_case_change",
    ),
    path(
        "rules/<int:book_id>/draft/case/<int:case_number>/accept/",
        worked_cases.accept_case,
        name="draft_case_accept",
    ),
    path("rules/<int:book_id>/draft/check/", publishing.check, name="draft_check"),
    path("rules/<int:book_id>/trials/", trials.trials, name="simulate"),
    path("rules/<int:book_id>/trials/<int:trial_id>/", trials.trial, name="trial"),
    path("rules/<int:book_id>/trials/<int:trial_id>/again/", trials.again, name="trial_again"),
    path("rules/<int:book_id>/trials/<int:trial_id>.csv", trials.download, name="trial_csv"),
    *CONSOLE_PAGES,
    path("reservations/", reservations.search, name="reservations"),
    path("reservations.csv", reservations.download, name="csv"),
]
