"""The notice of appeal (教示) that goes with a decision: where and until when somebody can have it looked at again."""

from __future__ import annotations

from facilities.ordinance import PermitDocument

# 行政不服審査法 18条・82条, 行政事件訴訟法 11条・14条・46条: an appeal within 3 months, a suit within 6 months from
# the day after it was known, and neither after a year.
_USUAL = (
    "この決定に不服があるときは、この決定があったことを知った日の翌日から数えて3か月以内に、{to}に審査請求をすることが"
    "できます（この決定の日の翌日から数えて1年を過ぎると、できません）。",
    "この決定の取消しを求める訴えは、この決定があったことを知った日の翌日から数えて6か月以内に、{municipality}を被告として"
    "（{municipality}を代表する者は{head}です）裁判所に起こすことができます（この決定の日の翌日から数えて1年を過ぎると、"
    "できません）。審査請求をしたときは、その裁決があったことを知った日の翌日から数えて6か月以内に起こすことができます"
    "（裁決の日の翌日から数えて1年を過ぎると、できません）。",
)


def notice_of_appeal(terms: PermitDocument, municipality: str) -> tuple[str, ...]:
    """Return the paragraphs of the notice: the municipality's own where its rules have one, else the usual ones.

    Where the rules name nobody, an appeal goes to the head of the municipality (地方自治法 244条の4: also against
    decisions of whoever runs a hall for it).
    """
    if terms.appeal:
        return tuple(line for line in terms.appeal.splitlines() if line.strip())
    head = f"{municipality}長"
    to = terms.appeal_to or head
    return tuple(line.format(to=to, municipality=municipality, head=head) for line in _USUAL)
