"""Addresses of the API, below /api/v1/ on a municipality's host."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.api.views import (
    applications,
    changes,
    description,
    facilities,
    reservations,
    rules,
    series,
    several,
)

urlpatterns = [
    path("facilities", facilities.FacilityList.as_view()),
    path("facilities/<slug:key>", facilities.FacilityOne.as_view()),
    path("rooms", facilities.RoomList.as_view()),
    path("rooms/<int:room_id>", facilities.RoomOne.as_view()),
    path("rooms/<int:room_id>/questions", applications.RoomQuestions.as_view()),
    path("rooms/<int:room_id>/quote", applications.RoomQuote.as_view()),
    path("availability", facilities.AvailabilityOfRooms.as_view()),
    path("holds", reservations.Holds.as_view()),
    path("holds/<uuid:ref>", reservations.HoldOne.as_view()),
    path("holds/<uuid:ref>/confirm", reservations.HoldConfirm.as_view()),
    path("reservations", reservations.Reservations.as_view()),
    path("reservations/<uuid:ref>", reservations.ReservationOne.as_view()),
    path("reservations/<uuid:ref>/cancel", reservations.ReservationCancel.as_view()),
    path("reservations/<uuid:ref>/door-code", reservations.ReservationDoorCode.as_view()),
    path("reservations/<uuid:ref>/change", changes.ReservationChange.as_view()),
    path("reservations/<uuid:ref>/change/look", changes.ReservationChangeLook.as_view()),
    path("applications", several.Applications.as_view()),
    path("applications/look", several.ApplicationLooks.as_view()),
    path("applications/<uuid:ref>", several.ApplicationOne.as_view()),
    path("series", series.SeriesList.as_view()),
    path("series/<uuid:ref>", series.SeriesOne.as_view()),
    path("series/<uuid:ref>/preview", series.SeriesPreview.as_view()),
    path("series/<uuid:ref>/apply", series.SeriesApply.as_view()),
    path("series/<uuid:ref>/cancel", series.SeriesCancel.as_view()),
    path("series/<uuid:ref>/cancel/look", series.SeriesCancelLook.as_view()),
    path("series/<uuid:ref>/move", series.SeriesMove.as_view()),
    path("series/<uuid:ref>/move/look", series.SeriesMoveLook.as_view()),
    path("series/<uuid:ref>/dates/<int:date_id>/add", series.SeriesDateAdd.as_view()),
    path("series/<uuid:ref>/renew", series.SeriesRenew.as_view()),
    path("rules", rules.RuleList.as_view()),
    path("rules/<slug:book>/<int:number>", rules.RuleVersionOne.as_view()),
    path("rules/<slug:book>/<int:number>.yaml", rules.RuleVersionText.as_view()),
    path("ordinance.schema.json", rules.RulesSchema.as_view()),
    path("openapi.json", description.DescriptionJson.as_view()),
    path("openapi.yaml", description.DescriptionYaml.as_view()),
    re_path("", description.Nowhere.as_view()),
]
