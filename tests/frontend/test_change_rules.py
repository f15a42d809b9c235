"""The admin changes the rules in forms: a draft, its parts, fees, lists, text; never YAML unless they ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import QueryDict

from facilities import ordinance
from facilities.drafting import begin_draft, the_draft
from facilities.models import RuleBook
from facilities.ordinance import parse
from facilities.ordinance.errors import NoSuchPlace
from facilities.ordinance.reading.parsing import read_plain
from frontend.console.rules.blanks import Maker
from frontend.console.rules.filling import PartForm
from frontend.console.rules.places import kind_at


@pytest.fixture
def book(city):
    return RuleBook.objects.get()


@pytest.fixture
def draft(book, emi, now):
    return begin_draft(rule_book_id=book.pk, staff_id=emi.staff.pk, now=now)


@pytest.fixture
def pages(browser_of, emi, draft):
    """``pages.get("part/calendars/chuo/")``: Emi's browser below the draft; ``pages.send`` adds the state seen."""
    return Pages(browser_of(emi), draft.rule_book_id)


class Pages:
    def __init__(self, browser, book_id):
        self.browser, self.book_id = browser, book_id

    def address(self, place):
        return f"/console/rules/{self.book_id}/draft/{place}"

    def get(self, place):
        return self.browser.get(self.address(place))

    def send(self, place, seen=None, **data):
        data["seen"] = seen or the_draft(self.book_id).changed_at.isoformat()
        return self.browser.post(self.address(place), data)

    def fill(self, place, seen=None, **data):
        """Send the form as the page shows it, with these fields filled in otherwise."""
        shown = self.get(place).context["form"]
        values = {name: shown[name].value() for name in shown.fields}
        sent = {
            name: value for name, value in values.items() if value not in (None, "") and value is not False
        }
        return self.send(place, seen, **{**sent, **data})

    @property
    def document(self):
        return parse(the_draft(self.book_id).text)

    @property
    def text(self):
        return the_draft(self.book_id).text


def changed(old, new):
    return [line for line in new.splitlines() if line not in old.splitlines()]


def test_a_room_s_fee_changes_its_line_and_no_other(pages):
    before = pages.text
    answer = pages.fill("fees/0/", **{"c-facilities-0-rooms-1-fee-yen_per_hour": "１,２００円"})
    assert answer.status_code == 302
    assert [line.strip()[:16] for line in changed(before, pages.text)] == ["- {key: kenshu-2"]
    assert pages.document.facilities[0].rooms[1].fee.yen_per_hour == 1200


@pytest.mark.parametrize("typed", ["", "四百", "-1", "1.5", "100000001", "'; DROP TABLE x", "９" * 4000])
def test_a_fee_that_is_no_amount_is_shown_at_its_cell_with_what_was_typed(pages, typed):
    before = pages.text
    answer = pages.fill("fees/0/", **{"c-facilities-0-rooms-1-fee-yen_per_hour": typed})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["c-facilities-0-rooms-1-fee-yen_per_hour"]
    assert form["c-facilities-0-rooms-1-fee-yen_per_hour"].value() == typed
    assert pages.text == before


def test_fields_that_no_cell_has_change_nothing(pages):
    before = pages.text
    pages.fill("fees/0/", **{"c-facilities-0-key": "1", "c-effective_from": "5"})
    assert pages.text == before


NOWHERE = """
fees/9/ part/facilities/9/ part/none/ part/facilities/x/ part/cases/0/given/x/ add/rounding/ add/none/
part/calendars/none/ part/../x/
""".split()  # noqa: SIM905 - addresses read better one after the other


@pytest.mark.parametrize("place", [*NOWHERE, f"part/{'a/' * 40}", f"part/facilities/{'9' * 30}/"])
def test_places_that_are_not_there_are_not_found(pages, place):
    assert pages.get(place).status_code == 404


def test_hours_are_typed_as_people_write_them(pages):
    answer = pages.fill("part/calendars/chuo/hours/", usual="９時〜１２時、13:00～21時30分")
    assert answer.status_code == 302, answer.context["form"].errors
    assert pages.document.calendars["chuo"].hours.usual == ((540, 720), (780, 1290))


@pytest.mark.parametrize("typed", ["9-", "9:75〜10:00", "12:00〜9:00", "あさ", "<script>", "\x00"])
def test_hours_that_cannot_be_are_shown_at_their_field(pages, typed):
    before = pages.text
    answer = pages.fill("part/calendars/chuo/hours/", usual=typed)
    assert answer.status_code == 422
    assert "usual" in answer.context["form"].errors
    assert pages.text == before
    assert "<script>" not in answer.text.replace("<script src", "")


def test_a_closed_day_is_added_changed_moved_and_removed(pages):
    place = "calendars/chuo/closures"
    answer = pages.fill(f"add/{place}/", name="最後の月曜", **{"days-weekdays": ["mon"], "days-nth": ["-1"]})
    assert answer.url.endswith(f"part/{place}/")
    added = pages.document.calendars["chuo"].closures[2]
    assert (added.name, added.days[0].weekdays, added.days[0].nth) == ("最後の月曜", ("mon",), (-1,))
    pages.fill(f"part/{place}/2/", **{"unless-holidays": ["any"], "days-nth": ["1", "-1"], "days-dates": ""})
    assert pages.document.calendars["chuo"].closures[2].days[0].nth == (1, -1)
    pages.send(f"list/{place}/2/", do="up")
    assert [one.name for one in pages.document.calendars["chuo"].closures][1] == "最後の月曜"
    pages.send(f"list/{place}/1/", do="remove")
    assert [one.name for one in pages.document.calendars["chuo"].closures] == ["第{n}火曜日", "年末年始"]


def test_a_closed_day_moves_when_it_falls_on_a_holiday(pages):
    filled = {"moves-by_days": "1", "moves-when-holidays": ["any"], "moves-skip-holidays": ["any"]}
    pages.fill("part/calendars/chuo/closures/0/", **{"unless-holidays": [], **filled})
    closure = pages.document.calendars["chuo"].closures[0]
    assert closure.moves.by_days == 1
    assert closure.moves.when[0].holidays == closure.moves.skip[0].holidays == ("any",)


def test_a_form_that_changes_nothing_leaves_the_text_as_it_is(pages):
    before = pages.text
    for place in ("calendars/chuo/closures/0/", "applications/open/windows/0/", "cancellations/usual/", "rounding/",
                  "facilities/0/", "facilities/0/rooms/13/", "document/"):  # fmt: skip
        assert pages.fill(f"part/{place}").status_code == 302, place
        assert pages.text == before, place


def test_windows_ladders_exemptions_and_surcharges_are_changed_in_forms(pages):
    pages.fill("part/applications/open/windows/0/", **{"opens-months_before": "6", "opens-at": "9時"})
    window = pages.document.applications["open"].windows[0]
    assert (window.opens.months_before, window.opens.at) == (6, 540)
    pages.fill("add/cancellations/usual/refunds/", causes=["own"], at_least_days_before="7", percent="50")
    refund = pages.document.cancellations["usual"].refunds[0]
    assert (refund.causes, refund.at_least_days_before, refund.percent) == (("own",), 7, 50)
    pages.fill("part/rounding/", unit="10", mode="down")
    assert pages.document.rounding.unit == 10
    pages.fill("add/applicant_classes/", key="outside", name="市外の方")
    assert [one.name for one in pages.document.applicant_classes] == ["一般", "市外の方"]
    pages.fill("add/purposes/", name="営利")
    assert pages.document.purposes[0].key == "purpose-1"


def test_a_room_is_added_with_a_suggested_key_and_its_price(pages):
    shown = pages.get("add/facilities/0/rooms/").context["form"]
    assert shown["key"].value() == "room-20"
    pages.fill("add/facilities/0/rooms/", name="第10研修室", capacity="20", **{"fee-yen_per_hour": "300"})
    room = pages.document.facilities[0].rooms[-1]
    assert (room.key, room.name, room.capacity, room.fee.yen_per_hour) == ("room-20", "第10研修室", 20, 300)


def test_a_hall_is_added_that_follows_rules_there_are(pages):
    filled = {
        "name": "東会館",
        "calendar": "chuo",
        "time": "hourly",
        "application": "open",
        "cancellation": "usual",
    }
    pages.fill("add/facilities/", **filled)
    hall = pages.document.facilities[-1]
    assert (hall.key, hall.name, hall.calendar) == ("hall-2", "東会館", "chuo")


def test_what_the_document_cannot_mean_is_said_at_its_field_and_nothing_is_lost(pages):
    before = pages.text
    answer = pages.fill("add/facilities/0/rooms/", name="第2", key="kenshu-1", **{"fee-yen_per_hour": "300"})
    assert answer.status_code == 422
    assert "key" in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == "第2"
    assert pages.text == before


def test_what_others_refer_to_is_not_removed(pages):
    before = pages.text
    answer = pages.send("list/applicant_classes/0/", do="remove")
    assert answer.status_code == 422
    assert pages.text == before


@pytest.mark.parametrize("do", ["", "up", "down", "remove", "sideways"])
@pytest.mark.parametrize(
    "place", ["facilities/0", "facilities", "rounding", "document", "calendars/chuo/closures/7"]
)
def test_lists_are_changed_only_where_they_are(pages, place, do):
    before = pages.text
    answer = pages.send(f"list/{place}/", do=do)
    assert answer.status_code in {302, 404, 422}
    assert answer.status_code == 302 or pages.text == before


def test_a_form_made_from_an_older_draft_is_refused_with_its_values(pages):
    seen = the_draft(pages.book_id).changed_at.isoformat()
    pages.fill("part/rounding/", unit="10")
    before = pages.text
    answer = pages.fill("part/facilities/0/", seen, address="<b>")
    assert answer.status_code == 422
    assert "ほかの人が下書きを変えました" in answer.text
    assert answer.context["form"]["address"].value() == "<b>"
    assert pages.text == before


@pytest.mark.parametrize(
    "hostile",
    ["a: b # c", "- x", "'\"", "{n}: [", "true", "null", "2027-04-01", "&a *a", "😀　\u200b", "x" * 400],
)
def test_any_name_is_kept_as_it_was_typed(pages, hostile):
    pages.fill("part/facilities/0/", name=hostile)
    assert pages.document.facilities[0].name == hostile


def test_a_case_is_added_from_the_draft_s_answer(pages):
    given = {"room": "chuo-kominkan/shukai", "date": "2027-06-09", "time": "13時〜16時"}
    asked = pages.send("case/", step="ask", **given)
    assert "2,400円" in asked.text
    assert asked.context["form"]["yen"].value() == "2400"
    assert len(pages.document.cases) == 7
    pages.send("case/", step="add", yen="2400", **given)
    added = pages.document.cases[-1]
    assert (added.id, added.expect, added.given["room"]) == ("fee-1", {"yen": 2400}, "shukai")
    assert "確認用の例が" not in pages.get("check/").text


def test_a_case_that_does_not_agree_is_kept_and_shown_red(pages):
    pages.send(
        "case/", step="add", yen="1", room="chuo-kominkan/shukai", date="2027-06-09", time="13:00-16:00"
    )
    assert "確認用の例が、1つ合いません" in pages.get("check/").text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"room": "x/y", "date": "2027-06-09", "time": "13:00-16:00"},
        {"room": "chuo-kominkan/shukai", "date": "2027-02-30", "time": "13:00-16:00"},
        {"room": "chuo-kominkan/shukai", "date": "2027-06-09", "time": "16:00-13:00"},
        {"room": "chuo-kominkan/shukai", "date": "2027-06-09", "time": "13:00-16:00", "yen": "たくさん"},
    ],
)
def test_a_case_that_cannot_be_is_refused(pages, typed):
    before = pages.text
    assert pages.send("case/", step="add", **typed).status_code == 422
    assert pages.text == before


EXAMPLES = sorted((Path(ordinance.__file__).parent / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_part_of_every_example_has_a_form_that_changes_nothing_by_itself(path):
    """The blanks of each part, shown and sent back as they are, mean what they meant."""
    text = path.read_text()
    document, plain = parse(text), read_plain(text)
    maker = Maker(document, plain)
    for place, value in _parts(plain):
        kind = kind_at(place)
        if kind.many or kind.model is None or not isinstance(value, dict):
            continue
        shown = PartForm(maker.group(kind.model, value))
        data = QueryDict(mutable=True)
        for name in shown.fields:
            initial = shown.initial[name]
            if isinstance(initial, list):
                data.setlist(name, initial)
            elif initial not in (None, "") and initial is not False:
                data[name] = str(initial)
        sent = PartForm(maker.group(kind.model, value), data)
        assert sent.is_valid(), (place, sent.errors)
        assert sent.filled(value) == value, place


def _parts(plain, path=()):
    yield path, plain
    children = (
        plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, tuple) else ()
    )
    for key, value in children:
        if (*path, key)[0] != "cases":
            try:
                kind_at((*path, key))
            except NoSuchPlace:
                continue
            yield from _parts(value, (*path, key))
