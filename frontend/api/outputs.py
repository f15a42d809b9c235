"""What the API answers, as pydantic models: the OpenAPI description is made from these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Clock = str


class Output(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class Mistake(Output):
    """Where (JSON pointer into the body, or name of a query parameter) and what."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class RuleReason(Output):
    """A rule that led to an answer, with its article."""

    code: str
    detail: str
    article: str | None


class WhyNot(Output):
    """Why one of several things cannot be had: ``code`` is stable, ``reasons`` are the rules' where they speak."""

    code: str
    detail: str
    reasons: list[RuleReason]
    errors: list[Mistake] = Field(description="What is missing or wrong in what was said of the use.")


class Problem(BaseModel):
    """RFC 9457. ``code`` is stable; ``detail`` is for people, in Japanese or English (Accept-Language)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Mistake] | None = None
    reasons: list[RuleReason] | None = None
    refused: dict[str, WhyNot] | None = Field(
        default=None, description="Of several things: why each was refused, by its place or key."
    )


class Facility(Output):
    """A hall."""

    key: str
    name: str
    name_en: str
    address: str
    phone: str
    notice: str


class Facilities(Output):
    """The halls of the municipality."""

    facilities: list[Facility]


class Room(Output):
    """A room that is rented."""

    id: int
    key: str
    facility: str = Field(description="Key of its hall.")
    facility_name: str
    name: str
    name_en: str
    capacity: int | None
    note: str


class Rooms(Output):
    """Rooms in the order of the house."""

    rooms: list[Room]


class FacilityWithRooms(Facility):
    """A hall and its rooms."""

    rooms: list[Room]


class Kept(Output):
    """A cancelled time others wait for (取消処理中): nobody can book it before ``free_at``."""

    span: tuple[Clock, Clock]
    free_at: datetime


class DayAvailability(Output):
    """One day of one room, in the municipality's clock ("09:00"; "24:00" ends the day)."""

    date: date
    open: list[tuple[Clock, Clock]] = Field(description="Opening periods, [from, until).")
    free: list[tuple[Clock, Clock]] = Field(description="What of them is neither taken nor past.")
    busy: list[tuple[Clock, Clock]] = Field(description="The rest of the opening periods.")
    releasing: list[Kept] | None = Field(
        default=None, description="What of the rest was cancelled and is kept for a while. Left out: nothing."
    )


class RoomAvailability(Output):
    """One room over the days asked for."""

    room: int
    days: list[DayAvailability]


class Availability(Output):
    """Many rooms over a range of days."""

    time_zone: str
    rooms: list[RoomAvailability]


class Choice(Output):
    """Something to choose, by its key in the rules."""

    key: str
    name: str


class ApplicantClass(Choice):
    """A class of applicants. One granted by staff cannot be claimed."""

    granted_by_staff: bool


class Question(Choice):
    """A question of the rules; ``usual`` is the answer where none is given."""

    kind: Literal["number", "choice", "yes_no"]
    unit: str | None
    choices: list[Choice]
    usual: str | bool | int | None


class Extra(Choice):
    """Something that can be asked for beside the room; ``unit`` is what one of it is, ``stock`` how many there are."""

    unit: str | None
    stock: int | None


class RoomQuestions(Output):
    """What an application for a room is asked. ``headcount`` and ``purposes`` (if any) must be answered."""

    applicant_classes: list[ApplicantClass]
    usual_class: str = Field(description="The class of somebody of whom nothing is known.")
    purposes: list[Choice]
    headcount: bool
    questions: list[Question]
    extras: list[Extra]


class Details(Output):
    """What was said of a use, by the keys of the rules."""

    applicant_class: str
    purpose: str
    answers: dict[str, str | bool | int]
    extras: dict[str, int]
    early_minutes: int
    extension_minutes: int


class PriceLine(Output):
    """One line of a price."""

    label: str
    quantity: int
    unit_yen: int
    yen: int
    reason: RuleReason


class Price(Output):
    """A price in yen, frozen when the room was held or booked."""

    total_yen: int
    before_exemption_yen: int | None = Field(
        default=None, description="The price without its exemption; null where nothing is exempted."
    )
    lines: list[PriceLine]


class UseQuote(Output):
    """What the rules say to a use: taken now or not and why, from when until when, and its price in yen."""

    allowed: bool
    reasons: list[RuleReason]
    opens_at: datetime | None
    closes_at: datetime | None
    price: Price | None = Field(description="null where staff decide it.")


class GroupName(Output):
    """A group, by name."""

    ref: UUID
    name: str


class Reservation(Output):
    """A hold, an application under review (``applied``) or a reservation."""

    ref: UUID
    number: str
    status: Literal["hold", "applied", "confirmed", "cancelled", "refused", "expired"]
    group: GroupName | None = Field(description="For whom it is; null: for the resident.")
    room: int
    starts_at: datetime
    ends_at: datetime
    purpose: str
    headcount: int | None
    details: Details
    channel: Literal["web", "desk", "phone", "api"]
    price: Price | None = Field(description="null while staff have still to decide it.")
    held_until: datetime | None
    sequence: int = Field(description="Grows with every change; the SEQUENCE of its calendar entry.")
    created_at: datetime
    updated_at: datetime


class Payment(Output):
    """What is owed and what was paid, in yen."""

    state: str
    assessed_yen: int
    collected_yen: int
    refund_due_yen: int


class Person(Output):
    """The hirer, shown to staff only."""

    id: int
    name: str
    phone: str
    email: str


class ReservationDetail(Reservation):
    """A reservation with its room's names, its payment and, for staff, the hirer."""

    room_name: str
    facility: str
    facility_name: str
    payment: Payment
    resident: Person | None


class Reservations(Output):
    """A page of reservations, latest start first."""

    reservations: list[ReservationDetail]
    next: str | None = Field(description="``cursor`` of the next page; null on the last.")


class DoorCode(Output):
    """The code of one door."""

    code: str
    door: str
    note: str
    valid_from: datetime
    valid_until: datetime


class DoorCodes(Output):
    """The codes of the doors on the way to the room, for the hirer only. Never store them."""

    codes: list[DoorCode]


class RuleVersion(Output):
    """A published version of rules: for uses from that day on, until a later version begins."""

    book: str
    number: int
    effective_from: date
    published_at: datetime


class RuleBook(Output):
    """The rules of a group of halls. `current` is the number of the version in effect today."""

    key: str
    name: str
    current: int | None
    versions: list[RuleVersion]


class RuleBooks(Output):
    """Every rule book that has something published."""

    rules: list[RuleBook]


class RuleDocument(RuleVersion):
    """A version with its document, in the form of /ordinance.schema.json."""

    document: dict[str, Any]
