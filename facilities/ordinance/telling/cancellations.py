"""Until when one cancels, what is paid back, and what a change costs."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Row, Sentence, Table, cell, chapter, section, table
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, same, say, together


def cancellation_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of terms."""
    title = Words("取消し・還付・変更", "Cancelling, refunds and changes")
    return chapters_of("cancellations", document.cancellations, title, names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    path = take.path
    changes, refunds = list(take.each("change")), list(take.each("refunds"))
    by_channel = [_by_channel(one) for one in take.each("deadlines")]
    deadline = say(
        "利用者が自分で取り消せるのは、{it}です。",
        "Residents cancel by themselves {it}.",
        it=take.words("deadline"),
    )
    return chapter(
        key,
        title,
        section(Words("取消しの期限", "Deadline"), (*path, "deadline"), take.sentence(deadline), *by_channel),
        section(Words("還付", "Refunds"), (*path, "refunds"), *_ladder(refunds, (*path, "refunds"))),
        section(Words("変更", "Changes"), (*path, "change"), *(_change(one) for one in changes)),
    )


def _by_channel(take: Taking) -> Sentence:
    words = say("{by}では、{it}です。", "By {by}: {it}.", by=take.words("channels"), it=take.words("closes"))
    return take.sentence(words)


def _ladder(refunds: list[Taking], path: tuple[str | int, ...]) -> list[Sentence | Table]:
    if not refunds:
        text = Words(
            "還付の定めがないため、職員が決めます。", "The rules are silent on refunds; staff decide."
        )
        return [Sentence(text.ja, text.en, None, path)]
    by_case = [conditions(one) for one in refunds]
    rows: list[Row] = []
    for place, one in enumerate(refunds):
        cells = [
            cell(one.words("causes") or Words("どの理由でも", "any cause"), heading=True),
            cell(_until(one)),
        ]
        cells += [cell(by_case[place] or Words("—", "—"))] if any(by_case) else []
        rows.append(one.row(*cells, cell(_comes_back(one))))
    head = [Words("理由", "Cause"), Words("いつまで", "Until")]
    head += [Words("場合", "Case")] if any(by_case) else []
    ladder = table(Words("還付", "Refunds"), (*head, Words("返す額", "Paid back")), rows, path)
    note = Words(
        "上から見て、最初に当たったものを使います。どれにも当たらないときは、職員が決めます。",
        "The first that fits counts; where none fits, staff decide.",
    )
    return [ladder, Sentence(note.ja, note.en, None, path)]


def _until(take: Taking) -> Words:
    days, by = take.get("at_least_days_before"), take.words("by")
    before = say("{n}日前まで", "until {n} days before", n=days) if days else NOTHING
    if days == 0:
        before = Words("利用日まで", "until the day of use")
    return together([before, by]) or Words("いつでも", "any time")


def _comes_back(take: Taking) -> Words:
    percent, less, text = take.get("percent"), take.get("less_yen"), take.get("discretionary")
    text_en = take.get("discretionary_en") if text else None
    words = NOTHING
    if percent is not None:
        share = {0: Words("返さない（0%）", "nothing (0%)"), 100: Words("全部（100%）", "all (100%)")}
        words = share.get(percent) or say("{n}%", "{n}%", n=percent)
    if text:
        decided = say("職員が決める: {it}", "staff decide: {it}", it=Words(text, text_en or text))
        words = together([words, decided])
    if less:
        words += say("から{yen}を引く", ", less {yen}", yen=figures.yen(less))
    return words or Words("職員が決める", "staff decide")


def _change(take: Taking) -> Sentence:
    yen, cases = take.get("yen"), conditions(take)
    fee = say("変更の手数料は{yen}です。", "A change costs {yen}. ", yen=figures.yen(yen)) if yen else NOTHING
    difference = take.words("difference")
    words = (
        say("増える差額は払います。{it}。", "A higher price is paid; {it}.", it=difference)
        if difference
        else NOTHING
    )
    words = fee + words or same("")
    return take.sentence(say("{cases}は、{it}", "{cases}: {it}", cases=cases, it=words) if cases else words)
