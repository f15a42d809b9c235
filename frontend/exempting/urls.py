"""Addresses of the pages of exemption: a resident's, the desk's, the console's."""

from __future__ import annotations

from django.urls import path

from frontend.exempting import desk, resident, standing

RESIDENT_PAGES = [
    path("my/r/<uuid:ref>/exemption/", resident.exempt, name="exempt"),
    path("my/exemption/<uuid:exemption>/", resident.exemption, name="my-exemption"),
    path("my/exemption/<uuid:exemption>/withdraw/", resident.withdraw, name="my-exemption-withdraw"),
    path("my/exemption/<uuid:exemption>/file/<uuid:evidence_ref>/", resident.file, name="my-exemption-file"),
    path("groups/<uuid:ref>/exemptions/", resident.of_group, name="group-exemptions"),
    path("groups/exemption/<uuid:standing>/", resident.one_of_group, name="group-exemption"),
    path(
        "groups/exemption/<uuid:standing>/withdraw/",
        resident.withdraw_of_group,
        name="group-exemption-withdraw",
    ),
    path(
        "groups/exemption/<uuid:standing>/file/<uuid:evidence_ref>/",
        resident.file_of_group,
        name="group-exemption-file",
    ),
]
DESK_PAGES = [
    path("exemptions/", desk.exemptions, name="exemptions"),
    path("exemptions/<uuid:exemption>/", desk.exemption, name="exemption"),
    path("exemptions/<uuid:exemption>/revoke/", desk.revoke, name="exemption-revoke"),
    path("exemptions/<uuid:exemption>/file/", desk.add_file, name="exemption-add-file"),
    path("exemptions/<uuid:exemption>/file/<uuid:evidence_ref>/", desk.file, name="exemption-file"),
    path("exemptions/group/<uuid:standing>/", standing.standing, name="standing"),
    path("exemptions/group/<uuid:standing>/end/", standing.revoke, name="standing-revoke"),
    path("exemptions/group/<uuid:standing>/file/<uuid:evidence_ref>/", standing.file, name="standing-file"),
    path("reservation/<uuid:ref>/exemption/", desk.apply, name="exempt"),
    path("groups/<uuid:ref>/exemptions/", desk.of_group, name="group-exemptions"),
]
CONSOLE_PAGES = [
    path("exemptions/groups/", standing.all_standing, name="standing_exemptions"),
]
