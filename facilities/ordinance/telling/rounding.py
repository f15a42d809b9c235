"""What happens to fractions of a yen, or of ten."""

from __future__ import annotations

from facilities.ordinance.document.fee_clauses import Cut
from facilities.ordinance.document.values import say_share
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Sentence
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import KNOWN, Names
from facilities.ordinance.telling.saying import phrase
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, around, flag, named, same, say, together


def rounding_sentence(take: Taking) -> Sentence:
    """A rule of rounding as a sentence."""
    at = _STEPS.get(take.get("at")) or take.words("at")
    excludes = take.words("excludes")
    words = say(
        "{at}、{unit}未満の端数は{mode}。",
        "Fractions below {unit} {at} are {mode}.",
        at=at,
        unit=figures.yen(take.get("unit")),
        mode=_MODES.get(take.get("mode")) or take.words("mode"),
    )
    more = say("{it}は含めません。", " Not included: {it}.", it=excludes) if excludes else NOTHING
    return take.sentence(words + more)


def tax_sentence(take: Taking) -> Sentence:
    """What tax comes on prices that are written without it, as a sentence."""
    excludes, rounding = take.words("excludes"), take.words("rounding")
    words = say(
        "額は{name}を含みません。{share}を加えます。",
        "Prices do not include {name}; {share} is added.",
        name=named(take.part),
        share=same(say_share(take.get("share"))),
    )
    words += around("{it}には加えません。", " Not on: {it}.", excludes)
    words += around("税込みの額の端数: {it}。", " Fractions of the total with tax: {it}.", rounding)
    return take.sentence(words)


def total_sentence(take: Taking) -> Sentence:
    """The least or the most that all of something comes to, as a sentence."""
    covers = take.words("covers") or KNOWN["fee"]
    what = say("{per}の{covers}の合計", "the total of {covers}, {per},", per=take.words("per"), covers=covers)
    after = flag(take.get("after_exemption"), "（減免の後）", " (after exemption)")
    bounds = [
        around("{it}以上", "at least {it}", take.words("at_least")),
        around("{it}以下", "at most {it}", take.words("at_most")),
    ]
    words = say(
        "{what}{after}は{it}です。", "{what}{after} is {it}.", what=what, after=after, it=together(bounds)
    )
    return take.sentence(around("{it}は、", "{it}: ", conditions(take)) + words)


@phrase(Cut)
def _cut(one: Cut, names: Names) -> Words:
    take = Taking(one, (), names)
    of = take.get("of")
    words = say(
        "{of}{unit}未満を{mode}",
        "{of}below {unit} {mode}",
        of=Words("変える額の", "of the change, ") if of == "change" else NOTHING,
        unit=figures.yen(take.get("unit")),
        mode=take.words("mode"),
    )
    return with_more(words, take.remaining())


_STEPS = {
    "unit": Words("単価ごとに", "of each unit price"),
    "line": Words("計算した額ごとに", "of each computed amount"),
    "use": Words("部屋の利用ごとに", "of each use of a room"),
    "total": Words("合計で", "of the total"),
}
_MODES = {
    "down": Words("切り捨てます", "dropped"),
    "up": Words("切り上げます", "rounded up"),
    "half_up": Words("四捨五入します", "rounded half up"),
}
