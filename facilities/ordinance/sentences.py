"""The sentences of reasons, by code: in Japanese and in English."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "closed": ("{name}のため休館です。", "Closed: {name_en}."),
    "open_hours": ("開館時間は{hours}です。", "Opening hours: {hours}."),
    "special_hours": ("{name}（開館時間 {hours}）。", "{name_en} (opening hours {hours})."),
    "outside_hours": ("開館時間（{hours}）の外です。", "Outside the opening hours ({hours})."),
    "not_a_slot": ("利用できる区分は {slots} です。", "Rooms are lent in these slots: {slots}."),
    "not_on_step": (
        "{step}分単位で、開館時刻から数えて選んでください。",
        "Choose times in steps of {step} minutes from opening.",
    ),
    "too_short": ("利用は{minutes}分以上です。", "The shortest use is {minutes} minutes."),
    "too_long": ("利用は{minutes}分までです。", "The longest use is {minutes} minutes."),
    "already_started": ("開始時刻を過ぎています。", "The start time has passed."),
    "channel_not_accepted": (
        "{channel}では申し込めません。",
        "Applications by {channel_en} are not accepted.",
    ),
    "class_not_accepted": ("この利用者区分では申し込めません。", "This applicant class cannot apply."),
    "not_yet_open": ("申込みは{at}からです。", "Applications open on {at}."),
    "window_closed": ("申込みは{at}で締め切りました。", "Applications closed on {at}."),
    "window_open": ("申込みの期間内です（{at}まで）。", "Applications are open (until {at})."),
    "out_of_calendar": ("この日は予約できません。", "This day cannot be booked."),
    "prohibited": ("{name}のためには利用できません。", "Rooms are not lent for {name_en}."),
    "fee_per_hour": ("1時間{yen}円です。", "{yen} yen an hour."),
    "fee_per_unit": ("{minutes}分{yen}円です。", "{yen} yen for {minutes} minutes."),
    "fee_per_started_hour": (
        "1時間{yen}円です（1時間に満たない時間は1時間とします）。",
        "{yen} yen an hour; a part of an hour counts as an hour.",
    ),
    "fee_per_slot": ("{name}の区分は{yen}円です。", "{name_en}: {yen} yen."),
    "fee_combination": (
        "{name}（{parts}）は通しの額{yen}円です。",
        "{name_en} ({parts_en}) has its own price: {yen} yen.",
    ),
    "fee_percent": ("{of}の額の100分の{percent}です。", "{percent} percent of the price of {of_en}."),
    "rounding": ("{unit}円未満は{mode}ます。", "Fractions below {unit} yen are {mode_en}."),
    "cancel_until": ("ご自身での取消しは{at}までです。", "You can cancel by yourself until {at}."),
    "cancel_too_late": (
        "ご自身で取消しできる期限（{at}）を過ぎました。館へご連絡ください。",
        "The time to cancel by yourself ended on {at}. Please contact the hall.",
    ),
    "cancel_undefined": (
        "取消しの定めがありません。館へご連絡ください。",
        "The rules do not say how to cancel. Please contact the hall.",
    ),
    "refund_percent": ("支払済みの額の100分の{percent}をお返しします。", "{percent} percent is paid back."),
    "refund_less": (
        "支払済みの額の100分の{percent}から{yen}円を引いてお返しします。",
        "{percent} percent less {yen} yen is paid back.",
    ),
    "refund_none": ("お支払い済みの使用料はお返しできません。", "The fee is not paid back."),
    "refund_discretionary": ("{text}の還付を職員が決めます。", "Staff decide on a refund ({text_en})."),
    "refund_undefined": (
        "還付の定めがないため、職員が決めます。",
        "The rules are silent on refunds; staff decide.",
    ),
    "exempt_percent": (
        "{name}は使用料を100分の{percent}減額します。",
        "{name_en}: the fee is reduced by {percent} percent.",
    ),
    "exempt_discretionary": (
        "{name}は{text}ができ、率は職員が決めます。",
        "{name_en}: {text_en} is possible; staff decide the rate.",
    ),
    "exempt_unknown": ("減免の対象ではありません。", "This is not a ground for exemption."),
    "fee_first": ("最初の{minutes}分まで{yen}円です。", "{yen} yen for up to the first {minutes} minutes."),
    "fee_rate": ("{band}は1時間{yen}円です。", "{band}: {yen} yen an hour."),
    "fee_band": ("{band}は{yen}円です。", "{band}: {yen} yen."),
    "fee_flat": ("1回{yen}円です。", "{yen} yen each time."),
    "fee_per_day": ("1日{yen}円です。", "{yen} yen a day."),
    "fee_per_number": ("{number}につき、それぞれ{yen}円です。", "{yen} yen for each of {number}."),
    "fee_percent_of_fee": ("使用料の100分の{percent}です。", "{percent} percent of the fee."),
    "fee_percent_of_number": (
        "{number}円の100分の{percent}です。",
        "{percent} percent of {number} yen.",
    ),
    "fee_ceiling": ("この時間の上限は{yen}円です。", "At most {yen} yen for this time."),
    "fee_at_most": ("上限は{yen}円です。", "At most {yen} yen."),
    "fee_at_least": ("最低の額は{yen}円です。", "At least {yen} yen."),
    "adjust_add": ("{name}は、もとの額の{share}を加えます。", "{name_en}: {share} of the price is added."),
    "adjust_take": (
        "{name}は、もとの額の{share}を引きます。",
        "{name_en}: {share} of the price is taken off.",
    ),
    "adjust_times": ("{name}は、額を{share}にします。", "{name_en}: the price becomes {share} of it."),
    "extension": ("延長は{step}分ごとに{yen}円です。", "Extra time costs {yen} yen for each {step} minutes."),
    "no_extension": ("時間の延長はできません。", "The time cannot be extended."),
    "extension_too_long": ("延長は{minutes}分までです。", "At most {minutes} minutes can be added."),
    "extension_too_late": ("延長は{clock}までです。", "The time cannot be extended beyond {clock}."),
    "refused": ("{name}。", "Not possible: {name_en}."),
    "case_not_accepted": ("この内容では申し込めません。", "Applications of this kind are not accepted."),
    "not_received_now": (
        "いまは受付の時間ではありません。次の受付は{at}からです。",
        "Applications are not received now; again from {at}.",
    ),
    "limit": (
        "{name}: {period}{number}{unit}までです。",
        "{name_en}: at most {number} {unit_en} {period_en}.",
    ),
    "no_lottery": ("抽選はありません。", "There is no lottery."),
    "lottery_not_yours": ("この抽選には申し込めません。", "You cannot enter this lottery."),
    "lottery_open": ("抽選の申込みの期間内です（{at}まで）。", "Entries are taken until {at}."),
    "first_come": ("申込みの順に決まります。", "First come, first served."),
    "priority": ("{name}を優先します。", "Priority: {name_en}."),
    "by_lot": ("抽選で決まります。", "Lots decide."),
    "exempt_at_most": (
        "{name}は100分の{percent}まで減額でき、率は職員が決めます。",
        "{name_en}: up to {percent} percent; staff decide.",
    ),
    "exempt_not_here": (
        "{name}の減免は、この利用には使えません。",
        "The exemption ({name_en}) does not hold for this use.",
    ),
    "change_undefined": (
        "変更の定めがないため、職員が決めます。",
        "The rules are silent on changes; staff decide.",
    ),
    "change_ladder": (
        "増える差額はお支払いいただき、減る差額は取消しと同じ率でお返しします。",
        "A higher price is paid; of a lower one the same share comes back as after cancelling.",
    ),
    "change_full": (
        "増える差額はお支払いいただき、減る差額はお返しします。",
        "The difference is paid, or paid back.",
    ),
    "change_none": (
        "増える差額はお支払いいただきます。減る差額はお返しできません。",
        "A higher price is paid; nothing comes back of a lower one.",
    ),
    "penalty_undefined": ("罰則の定めがありません。", "There are no penalties."),
    "no_offence": ("数える違反はありません。", "There is no offence to count."),
    "offence": ("{name}: {points}点。", "{name_en}: {points} points."),
    "penalty_step": ("{points}点以上のため、{name}。", "{points} points or more: {name_en}."),
    "penalty_may": (
        "{points}点以上のため、{name}ことがあります。",
        "{points} points or more; possible: {name_en}.",
    ),
    "barred": ("{at}まで登録できません。", "No registration is possible until {at}."),
    "register_undefined": ("団体登録の定めがありません。", "There is no registration of groups."),
    "register_ok": ("登録できます。", "The group can be registered."),
    "registered": ("登録は{at}まで有効です。", "The registration holds until {at}."),
    "too_few_members": (
        "登録できるのは{number}人以上の団体です。",
        "A group needs {number} members or more.",
    ),
    "too_few_of": (
        "{text}が構成員の{share}以上必要です。",
        "{share} of the members must be {text_en}.",
    ),
    "due_undefined": ("納期限の定めがありません。職員に確かめてください。", "The rules name no due date."),
    "due_deferred": ("使用の後に納めることができます。", "The fee may be paid after the use."),
    "due_by": ("使用料は{at}までに納めてください。", "Please pay by {at}."),
}
