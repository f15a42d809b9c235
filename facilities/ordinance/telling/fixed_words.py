"""What the fixed words of a document are called in plain words: month_start is 初日."""

from __future__ import annotations

from collections.abc import Mapping

from facilities.ordinance.telling.words import Words

_VALUES = """
day|same|同じ日|the same day
day|month_start|初日|the first day of the month
day|month_end|末日|the last day of the month
if_closed|next|次の開館日|the next open day
if_closed|previous|前の開館日|the open day before
stack|add|それぞれの割合を足す|their shares are added together
stack|multiply|順に掛ける|one after the other is applied
stack|first|上から最初の一つだけを使う|only the first that fits is used
stack|most|いちばん大きくなる一つだけを使う|only the one that makes the most is used
stack|least|いちばん小さくなる一つだけを使う|only the one that makes the least is used
stack|unsettled|書かれていないため額を出さず、職員が決める|not written, so there is no price and staff decide
choose|first|上から最初に当たった額|the first price that fits
choose|dearest|当たった額のうち高いもの|the dearest of the prices that fit
choose|sum|当たった額の合計|the sum of the prices that fit
choose|cheapest|当たった額のうち安いもの|the cheapest of the prices that fit
ends|month_end|月末まで|until the end of the month
if_missing|month_end|その月の末日|the last day of that month
if_missing|next_month|翌月の1日|the first day of the next month
kind|due|支払い|payment
method|lot|抽選|by lot
method|meeting|申込者の話合い|a meeting of the applicants
method|staff|職員が決める|staff decide
given|every|すべての利用|every use
given|reviewed|審査をした利用だけ|only what was reviewed
order|random|くじの順|by lot
order|first|申込みの順|in the order of asking
run_from|each|1日ごとに数える|each day as of its own
run_from|first|初めの日から数える|as of its first day
recorded|no_show|来なかったとき|when nobody came
recorded|cancel|取り消したとき|when it is cancelled
recorded|late_cancel|取消期限の後に取り消したとき|when it is cancelled after the deadline
recorded|staff|職員が記録する|written down by staff
suspended|applicant|申込者|the applicant
suspended|representative|代表者|the representative
suspended|members|構成員|the members
suspends|applying|申込み|applications
suspends|lottery|抽選の申込み|lottery entries
suspends|use|利用|use
suspends_from|next_day|違反の翌日|the day after the offence
suspends_from|next_month|違反の翌月の1日|the first day of the next month
suspends_from|offence|違反の日|the day of the offence
unconfirmed|staff|職員が扱う|staff decide
unconfirmed|void|当選は無効になる|the win is void
mode|down|切り捨てる|dropped
mode|up|切り上げる|rounded up
mode|half_up|四捨五入する|rounded half up
at|line|額ごとに|for each amount
at|unit|単価ごとに|for each unit price
at|use|部屋の利用ごとに|for each use of a room
per|use|利用ごと|each use
per|reservation|予約ごと|each reservation
once|day|1日に1回だけ|once a day
once|month|1か月に1回だけ|once a month
once|run|続けての利用に1回だけ|once for days in a row
once|reservation|予約に1回だけ|once for a reservation
counts|up|始まった刻みは1つと数える|a started step counts
counts|half_up|刻みの半分に満たなければ数えない|less than half a step does not count
counts|down|刻みに満たなければ数えない|less than a step does not count
counted_from|opening|開館時刻から|from opening
counted_from|clock|時計の0時から|from midnight
answered_by|applicant|申込者|the applicant
answered_by|staff|職員|staff
answered_by|system|システム|the system
of|result|変えた後の額|what remains
of|change|変える額|the change
at|total|合計で|at the total
ends|same_day|発行日に応じた日まで|until the same day
ends|fiscal_year_end|年度末まで|until the end of the fiscal year
difference|ladder|減る差額は、取消しと同じ率で返す|of a smaller price, the same share comes back as after cancelling
difference|full|減る差額は全部返す|a smaller price is paid back in full
difference|none|減る差額は返さない|nothing comes back of a smaller price
unpaid|cancelled|予約は自動で取り消される|the booking is cancelled by itself
unpaid|staff|職員が扱う|staff decide
of|slots|区分|slots
of|bookings|件|bookings
of|entries|件の抽選申込み|lottery entries
of|days|日|days
of|minutes|分|minutes
of|hours|時間|hours
of|takings|入場料の総額など、答えられた額|the takings
per|day|1日|a day
per|week|1週間|a week
per|month|1か月|a month
per|quarter|3か月 (四半期)|a quarter
per|half_year|半年|half a year
per|year|1年|a year
per|fiscal_year|1年度|a fiscal year
per|run|続けての利用|in a row
per|application|1回の申込み|an application
per|lottery|1回の抽選|a lottery
per|always|先の利用すべて|at any time
share_of|slot|隣の区分の額|the neighbouring slot's price
share_of|hour|隣の区分の1時間分の額|an hour of the neighbouring slot's price
across|room|部屋ごと|each room
across|facility|施設ごと|each hall
across|rules|同じ決まりの施設すべて|all halls under these rules
across|everywhere|すべての施設|all halls
whose|applicant|申込者ごと|each applicant
whose|person|本人ごと (どの団体でも)|each person, in whatever group
whose|members|構成員が同じ団体を合わせて|groups with the same members together
whose|household|世帯の人を合わせて (どの団体でも)|the people of a household together, in whatever group
whose|everyone|全員を合わせて|everyone together
lottery|also|抽選の申込みも数える|lottery entries count too
lottery|only|抽選の申込みだけを数える|only lottery entries count
by|use|利用の日で数える|counted by the day of use
by|booked|申込みの日で数える|counted by the day of application
holidays|national|国民の祝日|national holidays
holidays|substitute|振替休日|substitute holidays
holidays|between|祝日にはさまれた国民の休日|days between two holidays
holidays|any|祝日|public holidays
holidays|own|市町村が定めた休日|the municipality's own holidays
kind|fee|料金|fee
kind|open|開館|opening
kind|slot|貸す時間|time to rent
kind|apply|申込み|application
kind|review|審査|review
kind|lottery|抽選|lottery
kind|limit|限度|limit
kind|register|登録|registration
kind|exempt|減免|exemption
kind|refund|還付|refund
kind|change|変更|change
kind|penalty|罰則|penalty
"""
VALUES: Mapping[tuple[str, str], Words] = {
    (field, value): Words(ja, en)
    for field, value, ja, en in (line.split("|") for line in _VALUES.split("\n") if line)
}


def fixed_word(field: str, value: str) -> Words | None:
    """What one of a field's fixed values is called; None when it is not one."""
    return VALUES.get((field, value))
