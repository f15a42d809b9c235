"""Until when one cancels, what is paid back, and what a change costs."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Row, Sentence, Table, cell, chapter, section, table
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, around, say, together


def cancellation_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of terms."""
    title = Words("取消し・還付・変更", "Cancelling, refunds and changes")
    return chapters_of("cancellations", document.cancellations, title, names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    path = take.path
    changes, refunds, charges = (list(take.each(one)) for one in ("change", "refunds", "charges"))
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
        section(
            Words("取消料", "Charges for cancelling"),
            (*path, "charges"),
            *_charges(charges, (*path, "charges")),
        ),
        section(Words("変更", "Changes"), (*path, "change"), *(_change(one) for one in changes)),
    )


def _by_channel(take: Taking) -> Sentence:
    words = say("{by}では、{it}です。", "By {by}: {it}.", by=take.words("channels"), it=take.words("closes"))
    return take.sentence(words)


def _ladder(refunds: list[Taking], path: tuple[str | int, ...]) -> list[Sentence | Table]:
    if not refunds:
        return [Sentence(_SILENT.ja, _SILENT.en, None, path)]
    back = [_comes_back(one) for one in refunds]
    ladder = _rungs(refunds, back, (Words("還付", "Refunds"), Words("返す額", "Paid back")), path)
    return [ladder, Sentence(_IN_ORDER.ja, _IN_ORDER.en, None, path)]


def _charges(charges: list[Taking], path: tuple[str | int, ...]) -> list[Sentence | Table]:
    """What is paid for a cancellation where the fee was not paid yet."""
    if not charges:
        return []
    amounts = [together([_part(one), one.words("yen"), _fractions(one)]) for one in charges]
    titles = (
        Words("払う前の取消しでかかる額", "Charged where the fee was not paid"),
        Words("かかる額", "Charged"),
    )
    return [_rungs(charges, amounts, titles, path)]


def _rungs(
    rungs: list[Taking], amounts: list[Words], titles: tuple[Words, Words], path: tuple[str | int, ...]
) -> Table:
    by_case = [conditions(one) for one in rungs]
    rows: list[Row] = []
    for place, one in enumerate(rungs):
        cells = [
            cell(one.words("causes") or Words("どの理由でも", "any cause"), heading=True),
            cell(_until(one)),
        ]
        cells += [cell(by_case[place] or Words("—", "—"))] if any(by_case) else []
        rows.append(one.row(*cells, cell(amounts[place])))
    head = [Words("理由", "Cause"), Words("いつまで", "Until")]
    head += [Words("場合", "Case")] if any(by_case) else []
    return table(titles[0], (*head, titles[1]), rows, path)


_SILENT = Words("還付の定めがないため、職員が決めます。", "The rules are silent on refunds; staff decide.")
_IN_ORDER = Words(
    "上から見て、最初に当たったものを使います。どれにも当たらないときは、職員が決めます。",
    "The first that fits counts; where none fits, staff decide.",
)


def _until(take: Taking) -> Words:
    days, by = take.get("at_least_days_before"), take.words("by")
    before = say("{n}日前まで", "until {n} days before", n=days) if days else NOTHING
    if days == 0:
        before = Words("利用日まで", "until the day of use")
    return together([before, by]) or Words("いつでも", "any time")


def _comes_back(take: Taking) -> Words:
    text, less = take.get("discretionary"), take.get("less_yen")
    text_en = take.get("discretionary_en") if text else None
    decided = around(
        "職員が決める: {it}", "staff decide: {it}", Words(text, text_en or text) if text else None
    )
    words = together([_part(take), decided])
    if less:
        words += say("から{yen}を引く", ", less {yen}", yen=figures.yen(less))
    limits = [
        around("返すもの: {it}", "of: {it}", take.words("covers")),
        around("{it}日以内に請求", "claimed within {it} days", take.get("claim_within_days")),
        _fractions(take),
    ]
    return with_more(words or Words("職員が決める", "staff decide"), together(limits))


def _part(take: Taking) -> Words:
    percent = take.get("percent")
    share = {0: Words("返さない（0%）", "nothing (0%)"), 100: Words("全部（100%）", "all (100%)")}
    found = share.get(percent) if hasattr(take.part, "less_yen") else None
    return together([found or take.words("percent"), take.words("share")])


def _fractions(take: Taking) -> Words:
    return around("端数: {it}", "fractions: {it}", take.words("rounding"))


def _change(take: Taking) -> Sentence:
    cases = conditions(take)
    words = [
        around("{it}変更できます", "Possible {it}", take.words("by")),
        around("変更は{it}回まで", "at most {it} times", take.get("at_most")),
        around(
            "初めの日から{it}日以内の日へ",
            "to a day within {it} days of the first one",
            take.get("within_days"),
        ),
        around("手数料は{it}", "it costs {it}", take.words("yen") if take.get("yen") else None),
        around("増える差額は払い、{it}", "a higher price is paid, and {it}", take.words("difference")),
    ]
    said = together(words, "。", "; ") + Words("。", ".")
    return take.sentence(say("{cases}は: {it}", "{cases}: {it}", cases=cases, it=said) if cases else said)
