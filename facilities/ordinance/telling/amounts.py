"""Prices in words: 1時間 400円, 最初の2時間まで 720円."""

from __future__ import annotations

from typing import Any

from facilities.ordinance.document.fee_clauses import Block, Ceiling, Charge, DayBlock, Rate
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.saying import phrase
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, named, say, together

NOT_SHOWN = Words("出典に見えない", "not shown in the source")


def price(take: Taking) -> Words:
    """The price of a charge without the cases, sources and notes that stand beside it."""
    each = together([*_by_time(take), *_by_piece(take), _by_share(take), _later(take)])
    words = _times_numbers(take, each) if take.get("per") else each
    words = together([words, NOT_SHOWN if take.get("not_shown") else NOTHING])
    return with_more(words or Words("額なし", "no price"), beside(take))


def beside(take: Taking) -> Words:
    """What stands beside a price: charged once, between slots, extra time, the least and the most."""
    return together(
        [take.words("once"), _labelled(take, "pause"), _labelled(take, "extension"), bounds(take)]
    )


def _labelled(take: Taking, field: str) -> Words:
    words = take.words(field)
    return say("{label}: {words}", "{label}: {words}", label=label(field), words=words) if words else NOTHING


def per_number(take: Taking) -> Words:
    """For each of which numbers a price is taken: 人数1につき, 人数10ごとに."""
    if not take.get("per"):
        return NOTHING
    each, beyond, most = take.get("each", 1), take.get("beyond", 0), take.get("up_to")
    parts = [
        say("{n}を超える分", "beyond {n}", n=f"{beyond:,}") if beyond else NOTHING,
        say("{n}までの分", "up to {n}", n=f"{most:,}") if most is not None else NOTHING,
    ]
    part = together(parts)
    which = say("の{part}", " ({part})", part=part) if part else NOTHING
    unit = _unit_of(take)
    each_ja = "{n}{unit}ごとに" if each > 1 else "{n}{unit}につき"
    one = say(each_ja, "{n}{unit} of" if unit.en or each > 1 else "one of", n=f"{each:,}", unit=unit)
    number = take.words("per")
    return say("{number}{which} {one}", "for each {one} {number}{which}", number=number, which=which, one=one)


def _unit_of(take: Taking) -> Words:
    """The unit of the number a price is taken for: 円, 人."""
    asked = [
        take.names.questions[key] for key in getattr(take.part, "per", ()) if key in take.names.questions
    ]
    return figures.unit_words(asked[0].unit) if len(asked) == 1 and asked[0].unit else NOTHING


def _times_numbers(take: Taking, each: Words) -> Words:
    return say("{per} {each}", "{each} {per}", per=per_number(take), each=each)


def _later(take: Taking) -> Words:
    text = take.get("later")
    if not text:
        return NOTHING
    return say("後で決まる額: {it}", "known later: {it}", it=Words(text, take.get("later_en") or text))


def bounds(take: Taking) -> Words:
    """The least and the most of a charge."""
    ceilings = [
        say(
            "{time}の上限 {yen}",
            "at most {yen} for {time}",
            time=figures.span(one.time),
            yen=figures.yen(one.yen),
        )
        for one in take.get("ceilings") or ()
    ]
    least, most = take.get("at_least"), take.get("at_most")
    return together(
        [
            say("最低 {yen}", "at least {yen}", yen=figures.yen(least)) if least is not None else NOTHING,
            say("上限 {yen}", "at most {yen}", yen=figures.yen(most)) if most is not None else NOTHING,
            *ceilings,
        ]
    )


def _by_time(take: Taking) -> list[Words]:
    first, hourly, every, days = (take.get(one) for one in ("first", "yen_per_hour", "every", "every_days"))
    found = []
    if first is not None:
        length = figures.minutes(first.minutes)
        found.append(
            say("{length}まで {yen}", "{yen} up to {length}", length=length, yen=figures.yen(first.yen))
        )
    if hourly is not None:
        ja = "その後1時間ごとに {yen}" if first is not None else "1時間 {yen}"
        found.append(say(ja, "{yen} an hour{on}", yen=figures.yen(hourly), on=" after that" if first else ""))
    if every is not None:
        length = figures.minutes(every.minutes)
        found.append(
            say("{length}ごとに {yen}", "{yen} for each {length}", length=length, yen=figures.yen(every.yen))
        )
    if days is not None:
        found.append(
            say(
                "続けて{n}日までごとに {yen}",
                "{yen} for each {n} days in a row",
                n=days.days,
                yen=figures.yen(days.yen),
            )
        )
    return found + [_rate(one, take.names) for one in take.get("rates") or ()]


def _by_piece(take: Taking) -> list[Words]:
    slots, daily, once = take.get("yen_per_slot"), take.get("yen_per_day"), take.get("yen")
    found = [
        say("{slot} {yen}", "{slot}: {yen}", slot=take.names.of("slot", key), yen=figures.yen(yen))
        for key, yen in (slots or {}).items()
    ]
    monthly = take.get("yen_per_month")
    if monthly is not None:
        found.append(say("1か月 {yen}", "{yen} a month", yen=figures.yen(monthly)))
    if daily is not None:
        found.append(say("1日 {yen}", "{yen} a day", yen=figures.yen(daily)))
    if once is not None:
        found.append(
            say("1回 {yen}", "{yen}", yen=figures.yen(once))
            if not getattr(take.part, "per", None)
            else figures.yen(once)
        )
    return found


def _by_share(take: Taking) -> Words:
    percent, share, of = take.get("percent"), take.get("share"), take.get("of")
    found = [
        Words(f"{percent}%", f"{percent}%") if percent is not None else NOTHING,
        figures.share(share) if share is not None else NOTHING,
    ]
    part = together(found)
    return say("{of}の{part}", "{part} of {of}", of=_base(take, of), part=part) if part or of else NOTHING


def _base(take: Taking, of: str | None) -> Words:
    if of is None:
        return NOTHING
    if of in take.names.by_kind["room"]:
        return take.names.of("room", of)
    if of in take.names.questions:
        return take.names.of("question", of)
    return take.words("of")


@phrase(Charge)
def _charge(one: Charge, names: Names) -> Words:
    take = Taking(one, (), names)
    name = named(one) if one.name else NOTHING
    words = together([name, price(take)], " ", " ")
    return with_more(words, take.remaining())


@phrase(Rate)
def _rate(one: Rate, names: Names) -> Words:
    take = Taking(one, (), names)
    time = take.words("time") or Words("そのほかの時間", "other times")
    hourly, whole = take.get("yen_per_hour"), take.get("yen")
    amounts = [
        say("1時間 {yen}", "{yen} an hour", yen=figures.yen(hourly)) if hourly is not None else NOTHING,
        figures.yen(whole) if whole is not None else NOTHING,
        take.remaining(),
    ]
    return say("{time} {yen}", "{time}: {yen}", time=time, yen=together(amounts))


def _block(one: Any, names: Names) -> Words:
    take = Taking(one, (), names)
    length = take.words("minutes") or take.words("days")
    return with_more(
        say("{length} {yen}", "{length}: {yen}", length=length, yen=take.words("yen")), take.remaining()
    )


for _kind in (Block, DayBlock):
    phrase(_kind)(_block)


@phrase(Ceiling)
def _ceiling(one: Ceiling, names: Names) -> Words:
    take = Taking(one, (), names)
    words = say("{time} {yen}まで", "{time}: at most {yen}", time=take.words("time"), yen=take.words("yen"))
    return with_more(words, take.remaining())
