"""What the engine answers: frozen values. Times are minutes of the municipality's day, money whole yen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from facilities.ordinance.reasons import Reason, RegistrationCheck


@dataclass(frozen=True, slots=True)
class Use:
    """A room for a time: minutes of `day`; longer by `early_minutes` before and `extension_minutes` after.

    `extras` are asked for by key and quantity; `answers` are those to the document's questions that hold
    for this use alone.
    """

    room: str
    day: date
    starts: int
    ends: int
    purpose: str | None = None
    early_minutes: int = 0
    extension_minutes: int = 0
    extras: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, str | bool | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """When a room's hall is open on a day: half-open periods in order; `closed` says why there are none."""

    periods: tuple[tuple[int, int], ...]
    closed: Reason | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of time that can be rented. `combines` are the keys of the slots it stands for together."""

    key: str
    name_ja: str
    name_en: str
    starts: int
    ends: int
    combines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DaySlots:
    """The pieces in which a room is lent on a day.

    kind "slots": named slots and their combinations. kind "hours": `slots` are cells of `step` minutes;
    a booking joins cells, from `minimum` to `maximum` minutes (None: as long as it is open); `named` are
    the named slots that are lent on the same day as well.
    """

    kind: Literal["slots", "hours"]
    slots: tuple[Slot, ...]
    step: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    named: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an application is taken now. `opens_at` is when it is (or was) first taken,
    `closes_at` the first moment it no longer is, `last_day` the last day on which it is."""

    allowed: bool
    reasons: tuple[Reason, ...]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """Whether an application is reviewed before it is permitted, the cases it falls under, and the day by which it
    should be decided (None: not written)."""

    needed: bool
    reasons: tuple[Reason, ...] = ()
    decide_by: date | None = None


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a quote: quantity times unit_yen is yen.

    `kind` says what it is for: `fee`, the key of an extra, `adjustment`, `exemption`, `tax` or `rounding`;
    `of` is the kind that such a change is made to (empty: to the total, or nothing is changed).
    """

    label_ja: str
    label_en: str
    quantity: int
    unit_yen: int
    yen: int
    reason: Reason
    kind: str = "fee"
    of: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A price: lines that add up to total_yen. `before_exemption_yen` is the price without the exemption.

    `settled_later` says that more is settled after the use (actual cost, a share of the takings);
    `deposit_yen` of the total comes back after the use.
    """

    lines: tuple[QuoteLine, ...]
    total_yen: int
    before_exemption_yen: int | None = None
    settled_later: bool = False
    deposit_yen: int = 0

    def yen_by_kind(self) -> dict[str, int]:
        """What the fee and each extra come to; changes of the total belong to the fee."""
        found: dict[str, int] = {}
        for line in self.lines:
            kind = line.of or ("fee" if line.kind in ("rounding", "tax") else line.kind)
            found[kind] = found.get(kind, 0) + line.yen
        return found

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it, to be frozen with a reservation."""
        return {
            "lines": [{**asdict(line), "reason": line.reason.to_dict()} for line in self.lines],
            "total_yen": self.total_yen,
            "before_exemption_yen": self.before_exemption_yen,
            "settled_later": self.settled_later,
            "deposit_yen": self.deposit_yen,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Quote:
        """The quote that `to_dict` wrote."""
        lines = tuple(
            QuoteLine(**{**line, "reason": Reason.from_dict(line["reason"])}) for line in data["lines"]
        )
        return cls(
            lines,
            data["total_yen"],
            data.get("before_exemption_yen"),
            data.get("settled_later", False),
            data.get("deposit_yen", 0),
        )


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Whether residents may cancel by themselves, until when, and what comes back (None: staff decide).

    `charge_yen` is what is still to be paid for it; what comes back is claimed until `claim_until`.
    """

    allowed: bool
    deadline: datetime | None
    refund_yen: int | None
    reasons: tuple[Reason, ...]
    charge_yen: int = 0
    claim_until: date | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """Whether a ground can reduce the fee; `rate` in percent, None when staff decide or it is no ground."""

    eligible: bool
    rate: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exemption applied to a quote. `share` is what was taken off (None: staff have still to decide),
    `percent` the same where it is whole percents."""

    eligible: bool
    percent: int | None
    quote: Quote
    reasons: tuple[Reason, ...]
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What comes back of what was paid (None where staff decide) until it is claimed by `claim_until`, and
    what is still to be paid."""

    eligible: bool
    percent: int | None
    refund_yen: int | None
    reasons: tuple[Reason, ...]
    charge_yen: int = 0
    claim_until: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeAnswer:
    """Whether a change is possible, what it costs more, and what comes back (None where staff decide)."""

    pay_yen: int
    refund_yen: int | None
    reasons: tuple[Reason, ...]
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """One step that is reached, and what it means as of the last offence; what is left out does not follow.

    `suspended_until` is the first day after a suspension that begins on `suspended_from`, of what `suspends` says
    and of whom (`suspended`). Without `automatic` staff may do it. `reason` says why, with its article.
    """

    name: str
    name_en: str
    automatic: bool
    deregisters: bool
    cancels_bookings: bool
    reason: Reason
    suspended_from: date | None = None
    suspended_until: date | None = None
    suspends: Literal["use", "applying", "lottery"] | None = None
    suspended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PenaltyAnswer:
    """Where offences lead: points, what follows by itself, and whether staff may restrict.

    `suspended_until` is the first day after a suspension that begins on `suspended_from`, of what
    `suspends` says (`use` and applying, only `applying`, only the `lottery`) and of whom (`suspended`). `steps` are
    all that are reached, each with what it means.
    """

    points: int | float
    deregistered: bool
    may_restrict: bool
    cancels_bookings: bool
    reasons: tuple[Reason, ...]
    suspended_until: date | None = None
    suspended_from: date | None = None
    suspends: Literal["use", "applying", "lottery"] | None = None
    suspended: tuple[str, ...] = ()
    steps: tuple[StepAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class LotteryAnswer:
    """Whether an entry is taken now, and the moments of the lottery for a day of use.

    `confirm_until` is the first moment too late for a winner to confirm, `unconfirmed` what happens then.
    """

    allowed: bool
    opens_at: datetime | None
    closes_at: datetime | None
    draw_at: datetime | None
    announced_at: datetime | None
    reasons: tuple[Reason, ...]
    confirm_until: datetime | None = None
    unconfirmed: Literal["void", "staff"] | None = None
    runners_up: bool = False


@dataclass(frozen=True, slots=True)
class Contest:
    """Who of several applicants for one time has it: `winner` is None until lots are drawn."""

    decided_by: Literal["first_come", "priority", "lottery", "meeting", "staff"]
    winner: str | None
    draw_at: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RegistrationAnswer:
    """Whether a group can be registered, and the last day on which its registration holds.

    It is renewed from `renews_from` on, until `renews_until` (the first moment too late). `checks` are all
    requirements, met or not.
    """

    allowed: bool
    valid_until: date | None
    reasons: tuple[Reason, ...]
    renews_from: datetime | None = None
    renews_until: datetime | None = None
    checks: tuple[RegistrationCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class DuePart:
    """An instalment: its name, what it comes to (None: the price was not told), and until when it is paid."""

    name_ja: str
    name_en: str
    yen: int | None
    due_at: datetime | None
    unpaid: Literal["cancelled", "staff"]


@dataclass(frozen=True, slots=True)
class Due:
    """Until when one pays (the first moment too late); `unpaid` is what happens then.

    With instalments, `parts` are all of them, and the rest is that of the first one.
    """

    due_at: datetime | None
    deferred: bool
    unpaid: Literal["cancelled", "staff"]
    reasons: tuple[Reason, ...]
    parts: tuple[DuePart, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A worked case of a document, run."""

    id: str
    kind: str
    passed: bool
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    got: Mapping[str, Any]

    @property
    def answered(self) -> bool:
        """Whether everything it asks for has an answer, right or not (no mistake stopped it)."""
        return bool(self.expected) and "error" not in self.got and self.expected.keys() <= self.got.keys()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers, by its key."""

    key: str
    name_ja: str
    name_en: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question: `number` (in `unit`), `choice` (of `choices`, by key) or `yes_no`.

    `usual` is the answer where none is given. `answered_by` says who knows: the applicant, or staff.
    """

    key: str
    name_ja: str
    name_en: str
    kind: Literal["number", "choice", "yes_no"]
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    usual: str | bool | int | None = None
    answered_by: Literal["applicant", "staff"] = "applicant"


@dataclass(frozen=True, slots=True)
class AskedExtra:
    """Something that can be asked for beside the room, by its key; `unit` is what one of it is, `stock` how
    many the hall has (None: not said)."""

    key: str
    name_ja: str
    name_en: str
    unit: str | None = None
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What matters for a room.

    `purposes` is empty where no rule looks at the purpose; else those that some rule of the room names,
    and those that no rule names anywhere (so that there is one to choose where nothing special holds).
    `headcount` says whether the number of people is needed. `when_cancelling` are questions that only
    the refund looks at: nobody can answer them before.
    """

    questions: tuple[AskedQuestion, ...]
    purposes: tuple[Choice, ...]
    extras: tuple[AskedExtra, ...]
    headcount: bool
    when_cancelling: tuple[AskedQuestion, ...] = ()
