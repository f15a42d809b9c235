"""In what pieces time is rented, and which times are refused."""

from __future__ import annotations

from datetime import date

from facilities.ordinance import compile_rules, parse, slots

TUESDAY = date(2027, 4, 6)


def test_slots_and_their_combination_are_offered(small_rules):
    offered = slots(small_rules, facility="hall", room="koma", day=TUESDAY)
    assert offered.kind == "slots"
    assert [(slot.key, slot.starts, slot.ends, slot.combines) for slot in offered.slots] == [
        ("am", 540, 720, ()),
        ("pm", 780, 1020, ()),
        ("night", 1080, 1320, ()),
        ("am-pm", 540, 1020, ("am", "pm")),
    ]


def test_hours_are_offered_as_cells(small_rules):
    offered = slots(small_rules, facility="hall", room="big", day=TUESDAY)
    assert (offered.kind, offered.step, offered.minimum, offered.maximum) == ("hours", 30, 60, 240)
    assert len(offered.slots) == 26
    assert (offered.slots[0].key, offered.slots[-1].ends) == ("09:00-09:30", 1320)


def test_a_closed_day_offers_nothing(small_rules):
    assert slots(small_rules, facility="hall", room="big", day=date(2027, 4, 5)).slots == ()
    assert slots(small_rules, facility="hall", room="koma", day=date(2027, 4, 5)).slots == ()


def test_a_slot_that_ends_after_closing_is_not_offered(small):
    early = 'exceptions: [{name: 火曜, days: {weekdays: [tue]}, open: "09:00-17:00"}]'
    text = small.replace('usual: "09:00-22:00"', f'usual: "09:00-22:00"\n      {early}')
    offered = slots(compile_rules(parse(text)), facility="hall", room="koma", day=TUESDAY)
    assert [slot.key for slot in offered.slots] == ["am", "pm", "am-pm"]


def test_a_slot_of_some_days_is_offered_on_those_with_its_combination(small):
    text = small.replace(
        '{key: pm, name: 午後, time: "13:00-17:00"}',
        '{key: pm, name: 午後, time: "13:00-17:00", days: {weekdays: [sat, sun]}}',
    )
    rules = compile_rules(parse(text))
    keys = [slot.key for slot in slots(rules, facility="hall", room="koma", day=TUESDAY).slots]
    assert keys == ["am", "night"]
    keys = [slot.key for slot in slots(rules, facility="hall", room="koma", day=date(2027, 4, 10)).slots]
    assert keys == ["am", "pm", "night", "am-pm"]


def test_whole_and_half_share_spaces(documents):
    aoyama = documents["miki"].facilities[0]
    occupies = {room.key: room.occupies for room in aoyama.rooms}
    assert occupies["daikaigi"] == ("daikaigi-a", "daikaigi-b")
    assert occupies["daikaigi-hanmen-a"] == ("daikaigi-a",)
    assert occupies["kenshu"] == ("kenshu",)


def test_every_space_of_a_hall_has_a_name(small_rules):
    spaces = small_rules.facility("hall").facility.all_spaces()
    assert [(space.key, space.name) for space in spaces] == [
        ("a", "大会議室半面"),
        ("b", "大会議室"),
        ("koma", "室"),
    ]
