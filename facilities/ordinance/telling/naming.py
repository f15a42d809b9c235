"""What the keys of a document are called, so that no sentence shows a key where people gave a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from facilities.ordinance.document.clauses import Question
from facilities.ordinance.document.ordinance import Facility, Ordinance
from facilities.ordinance.telling.words import Words, listed, named, same, say, together

KNOWN: Mapping[str, Words] = {
    "all": Words("すべて", "everything"),
    "slot": Words("隣の区分", "the neighbouring slot"),
    "dearest": Words("隣の区分のうち高いもの", "the dearest of the neighbouring slots"),
    "hour": Words("隣の区分の1時間分", "an hour of the neighbouring slot"),
    "fee": Words("使用料", "the fee"),
    "adjusted-fee": Words("割増・割引の後の使用料", "the adjusted fee"),
    "headcount": Words("人数", "number of people"),
    "representative": Words("代表者", "representative"),
    "member": Words("構成員", "member"),
    "web": Words("インターネット", "the web"),
    "desk": Words("窓口", "the desk"),
    "phone": Words("電話", "phone"),
}
SETS = (
    ("calendar", "calendars"),
    ("time", "times"),
    ("application", "applications"),
    ("cancellation", "cancellations"),
    ("exemption", "exemptions"),
    ("adjustment", "adjustments"),
    ("extras", "extras"),
    ("payment", "payments"),
    ("penalty", "penalties"),
    ("registration", "registrations"),
)


@dataclass(frozen=True, slots=True)
class Names:
    """Keys of one document with their names, by what they are keys of."""

    by_kind: Mapping[str, Mapping[str, Words]]
    questions: Mapping[str, Question]
    users: Mapping[tuple[str, str], tuple[Words, ...]]

    def of(self, kind: str, key: str) -> Words:
        """The name of a key; the key itself in brackets where the document does not say."""
        found = self.by_kind.get(kind, {}).get(key) or KNOWN.get(key)
        return found or next((names[key] for names in self.by_kind.values() if key in names), same(key))

    def all(self, kind: str, keys: Iterable[str]) -> Words:
        """The names of several keys of a kind."""
        return listed(self.of(kind, key) for key in keys)

    def within(self, hall: Facility) -> Names:
        """The same names, where keys of rooms and spaces mean those of one hall."""
        own = {"room": _names(hall.rooms), "space": _names(hall.all_spaces())}
        kinds = {kind: {**names, **own.get(kind, {})} for kind, names in self.by_kind.items()}
        return replace(self, by_kind=kinds)

    def used_by(self, kind: str, key: str) -> Words:
        """The halls and rooms that follow one of the document's named sets of rules."""
        users = self.users.get((kind, key), ())
        if len(users) <= 4:
            return together(users)
        return say(
            "{some} ほか{more}", "{some} and {more} more", some=together(users[:3]), more=len(users) - 3
        )


def names_of(document: Ordinance) -> Names:
    """Collect the names of everything a document gives a key."""
    halls = document.facilities
    slots = [slot for time in document.times.values() for slot in time.slots]
    extras = [extra for group in document.extras.values() for extra in group]
    grounds = [ground for group in document.exemptions.values() for ground in group]
    closures = [closure for one in document.calendars.values() for closure in one.closures if closure.key]
    choices = [choice for question in document.questions for choice in question.choices]
    return Names(
        {
            "who": _names(document.applicant_classes),
            "purpose": _names(document.purposes),
            "prohibited": _names(one for hall in halls for one in hall.prohibited),
            "cause": _names(document.causes),
            "hall": _names(halls),
            "room": _names(room for hall in halls for room in hall.rooms),
            "space": _names(space for hall in halls for space in hall.all_spaces()),
            "slot": _names(slots),
            "extra": _names(extras),
            "ground": _names(grounds),
            "closure": _names(closures),
            "day_kind": {key: Words(f"「{key}」の日", f"“{key}” days") for key in document.day_kinds},
            "question": _names(document.questions),
            "choice": _names(choices),
            "limit": _names(one for rules in document.applications.values() for one in rules.limits),
            "offence": _names(one for rules in document.penalties.values() for one in rules.offences),
            "registration": {key: named(rules) for key, rules in document.registrations.items()},
        },
        {question.key: question for question in document.questions},
        _users(halls),
    )


def _names(things: Iterable[object]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for thing in things:
        key, name = str(getattr(thing, "key", "")), named(thing)
        known = found.get(key)
        if known is None:
            found[key] = name
        elif name.ja not in known.ja.split("／"):
            found[key] = say("{known}／{name}", "{known} / {name}", known=known, name=name)
    return found


def _users(halls: Iterable[Facility]) -> dict[tuple[str, str], tuple[Words, ...]]:
    """By set of rules: halls, and where only some rooms of a hall follow it, the hall with those rooms."""
    users: dict[tuple[str, str], list[Words]] = {}
    for hall in halls:
        own: dict[tuple[str, str], list[Words]] = {}
        for field, kind in SETS:
            key = getattr(hall, field, None)
            for one in key if isinstance(key, tuple) else [key] if key else []:
                users.setdefault((kind, one), []).append(named(hall))
            for room in hall.rooms:
                found = getattr(room, field, None)
                if isinstance(found, str) and found != key:
                    own.setdefault((kind, found), []).append(named(room))
        for place, rooms in own.items():
            name = say("{hall} {rooms}", "{hall}: {rooms}", hall=named(hall), rooms=listed(rooms))
            users.setdefault(place, []).append(name)
    return {place: tuple(found) for place, found in users.items()}
