"""What happens to fractions of a yen, or of ten."""

from __future__ import annotations

from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Sentence
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, say


def rounding_sentence(take: Taking) -> Sentence:
    """A rule of rounding as a sentence."""
    at = (
        Words("合計で", "of the total")
        if take.get("at") == "total"
        else Words("計算した額ごとに", "of each computed amount")
    )
    excludes = take.words("excludes")
    words = say(
        "{at}、{unit}未満の端数は{mode}ます。",
        "Fractions below {unit} {at} are {mode}.",
        at=at,
        unit=figures.yen(take.get("unit")),
        mode=_MODES.get(take.get("mode")) or take.words("mode"),
    )
    more = say("{it}は含めません。", " Not included: {it}.", it=excludes) if excludes else NOTHING
    return take.sentence(words + more)


_MODES = {
    "down": Words("切り捨て", "dropped"),
    "up": Words("切り上げ", "rounded up"),
    "half_up": Words("四捨五入し", "rounded half up"),
}
