"""What happens to fractions of a yen, or of ten."""

from __future__ import annotations

from facilities.ordinance.fee_clauses import Cut
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Sentence
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.saying import phrase
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, named, same, say
from facilities.ordinance.values import say_share


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
    words += say("{it}には加えません。", " Not on: {it}.", it=excludes) if excludes else NOTHING
    words += (
        say("税込みの額の端数: {it}。", " Fractions of the total with tax: {it}.", it=rounding)
        if rounding
        else NOTHING
    )
    return take.sentence(words)


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
