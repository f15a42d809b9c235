"""What the fields of a document are called in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from facilities.ordinance.telling.words import Words, same

_FIELDS = """
article|根拠|source
note|注記|note
assumed|仮に決めた|assumed
key|記号|key
name|名前|name
name_kana|読みかた|reading
name_en|英語の名前|English name
lg_code|全国地方公共団体コード|municipality code
granted|職員が認める|granted by staff
weekdays|曜日|weekdays
nth|第何|which of the month
holidays|休日|holidays
month_days|月の何日|days of the month
months|月|months
dates|日|dates
day_after|翌日になる日|day after
day_before|前日になる日|day before
when|当てはまる場合|when
unless|除く場合|unless
who|利用者区分|applicant class
purpose|目的|purpose
channel|受付の方法|channel
channels|受付の方法|channels
room|部屋|room
with_room|一緒に使う部屋|with room
slot|区分|slot
days|日|days
within|時間帯|within
booked|申込みの日|booked
paid|支払いの日|paid
headcount|人数|number of people
minutes|時間の長さ|length
slots|区分|slots
run_day|続けて使う何日目|day of the run
run_days|続けて使う日数|days of the run
days_ahead|申込みから利用までの日数|days ahead
choices|選択肢|choices
unit|単位|unit
usual|ふだん|usual
open|開館時間|open
exceptions|例外|exceptions
hours|時間|hours
closures|休館日|closed days
moves|振替|moves
by_days|ずらす日数|days moved
skip|避ける日|days skipped
skip_closures|避ける休館日|closures skipped
moved_name|振替の日の名前|name of the moved day
moved_name_en|振替の日の英語の名前|English name of the moved day
time|時間|time
combines|まとめる区分|combines
step|刻み|step
minimum|最短|shortest
maximum|最長|longest
counts_as|数える単位|counted in
extension|延長|extra time
until|限度の時刻|until
before|前への延長|before
share|割合|share
share_of|割合のもと|share of
share_of_en|割合のもと (英語)|share of (English)
yen|額|amount
months_before|何か月前|months before
days_before|何日前|days before
each_year|毎年の日|each year
years_before|さらに何年前|years before
on|曜日など|on
day|その月の日|day
if_closed|休館日のとき|if closed
open_days_later|その後の開館日数|open days later
instead|月による違い|instead
at|時刻|at
minutes_before_start|利用開始の何分前|minutes before start
opens|始まり|opens
closes|終わり|closes
reception|受付の時間|reception
windows|申込みの期間|application windows
lottery|抽選|lottery
draw|抽選日|draw
announced|発表|announced
priorities|優先|priorities
limits|持てる数の限度|limits
refuses|断る場合|refusals
reviews|審査をする場合|what is reviewed
decided_by|決める人|decided by
decided_by_en|決める人 (英語)|decided by (English)
decided_within_days|申込みから決めるまでの日数|days until it is decided
permit|許可書|permit
title_en|英語の表題|English title
issuer|許可する人|issued by
issuer_en|許可する人 (英語)|issued by (English)
PermitDocument.given|許可書を出す利用|given for
conditions|許可の条件|conditions
appeal_to|審査請求の相手|where an appeal goes
appeal_to_en|審査請求の相手 (英語)|where an appeal goes (English)
appeal|教示の文|notice of appeal
appeal_en|教示の文 (英語)|notice of appeal (English)
waiting|空き待ち|waiting list
after_minutes|取消しから空くまでの時間|time until it is free
days_later|何日後に空くか|days until it is free
accept_within_minutes|ご案内に答える時間|time to accept an offer
order|ご案内の順番|order of offers
latest_minutes_before_start|おそくとも利用開始の何分前|at the latest, before the start
at_most|上限|at most
at_least|最低|at least
of|もとになるもの|of
per|何につき|per
valid|有効期間|validity
years|年数|years
ends|終わり|ends
members_at_least|構成員の数|members
same_group_share|同じ団体とみなす、名簿の重なり|overlap of members that makes one group
roster_kept_months|終わった登録の名簿を消すまでの月数|months until the members of an ended registration are deleted
causes|理由|causes
at_least_days_before|何日前まで|days before
by|期限|by
less_yen|差し引く額|kept
percent|率|percent
discretionary|職員の判断|staff decide
discretionary_en|職員の判断 (英語)|staff decide (English)
deadline|取消しの期限|deadline to cancel
deadlines|受付の方法ごとの期限|deadlines by channel
refunds|還付|refunds
change|変更|change
difference|差額|difference
days_after_booking|申込みから何日|days after booking
open_days_after_booking|申込みから何開館日|open days after booking
deferred|後納|paid after use
unpaid|払われないとき|if unpaid
points|点|points
automatic|自動で行う|automatic
deregisters|登録の抹消|deregistration
cancels_bookings|予約の取消し|bookings are cancelled
suspends_months|利用停止の月数|months of suspension
suspends_days|利用停止の日数|days of suspension
bars_months|登録できない月数|months without registration
barred_roles|登録できない人|who cannot register
within_days|数える期間の日数|days counted
offences|違反|offences
recorded|記録のしかた|how it is recorded
steps|段階|steps
due|納期限|due date
yen_per_hour|1時間の額|price per hour
first|最初の時間|first time
every|時間ごとの額|price for each time
every_days|続けた日数ごとの額|price for days in a row
rates|時間帯の額|prices by time of day
yen_per_slot|区分ごとの額|prices of slots
yen_per_day|1日の額|price per day
not_shown|出典に見えない|not shown in the source
ceilings|時間帯の上限|ceilings
table|表|table
choose|選びかた|choice
add|加える割合|added share
take|減らす割合|share taken off
times|倍率|multiplied by
stack|いくつも当たるとき|when several fit
rows|行|rows
to|変えるもの|what it changes
fee|使用料|fee
mode|端数の扱い|fractions
excludes|含めないもの|excluded
at_most_percent|減額の上限|reduction at most
covers|減らすもの|what it covers
format|文書の形式|format
municipality|自治体|municipality
effective_from|いつの利用から|in force from
source|もとの規則|source
title|表題|title
urls|掲載場所|addresses
timezone|時刻の基準|time zone
applicant_classes|利用者区分|applicant classes
purposes|利用の目的|purposes
questions|申込みのときに聞くこと|questions
calendars|開館時間と休館日|opening hours and closed days
applications|申込み|applications
cancellations|取消し・還付・変更|cancelling, refunds and changes
exemptions|減免|exemptions
adjustments|割増と割引|surcharges and discounts
extras|使用料のほかの額|extras
payments|支払い|payments
penalties|罰則|penalties
registrations|登録|registrations
rounding|端数処理|rounding
facilities|施設|halls
cases|確かめる例|worked cases
prohibited|貸さない目的|prohibited purposes
spaces|場所|spaces
copies|同じ部屋の数|rooms of the kind
rooms|部屋|rooms
capacity|定員|capacity
turnaround|準備・片付けの時間|turnaround
address|所在地|address
phone|電話|phone
calendar|開館時間と休館日|opening hours and closed days
application|申込み|application
cancellation|取消し・還付・変更|cancelling, refunds and changes
exemption|減免|exemption
adjustment|割増と割引|surcharges and discounts
payment|支払い|payment
penalty|罰則|penalties
registration|登録|registration
id|番号|number
kind|何を確かめるか|kind
given|与えたもの|given
expect|答え|expected
why|理由|why
per_days|数える日数|days counted
week_starts|週の初めの曜日|first day of the week
across|数える範囲|counted across
whose|だれの分か|whose
kind|日の種類|kind of day
since|始まりの日|since
with_extra|一緒に使うもの|with
exempted|減免|exempted
days_since_booking|申込みからの日数|days since booking
room_number|何番目の部屋|which room
slot_number|何番目の区分|which slot
quantity|数|quantity
day_kinds|名前を付けた日|named days
tax|税|tax
start_step|始まりの刻み|step of beginnings
counted_from|数え始め|counted from
counts|端数の数えかた|counting
after|後への延長|after
run|続けて使う日数|days in a row
starts|始められる日|may begin on
yen_per_month|1か月の額|price per month
each|何につき|each
beyond|超える分|beyond
up_to|までの分|up to
once|1回だけ|once
later|後で決まる額|known later
later_en|後で決まる額 (英語)|known later (English)
pause|区分の間の時間|time between slots
during|時間帯|during
stock|ある数|stock
deposit|預り金|deposit
take_yen|減らす額|yen taken off
at_most_yen|減らす額の上限|taken off at most
at_most_times|回数の上限|how often
open_for|開ける場合|open for
even_if_closed|休館日でも開ける|even if closed
skip_closed|ほかの休館日も避ける|skips closed days
answered_by|だれが答えるか|answered by
totals|合計の下限と上限|least and most of totals
always|いつでも加わる|always charged
after_exemption|減免の後の額|after exemption
run_from|続けて使うときの数え始め|use of several days
charges|取消料|charges for cancelling
confirm|当選の確定|confirmation
days_after|後の日数|days after
unconfirmed|確定しないとき|if not confirmed
runners_up|次点|runners-up
again|再び申し込める期間|open again
method|決めかた|method
weeks_before|何週前|weeks before
open_days_before|何開館日前|open days before
hours_before_start|利用開始の何時間前|hours before start
if_missing|その日がない月|if there is no such day
open_on|数える日|days that count
open_days|開館日だけ|open days only
days_after_approval|許可から何日|days after approval
months_after_booking|申込みから何か月|months after booking
days_after_use|利用から何日|days after the use
months_after_use|利用から何か月|months after the use
instalments|分けて払う額|instalments
claim_within_days|請求の期限の日数|days to claim
earlier|前の利用停止の回数|earlier suspensions
suspended|停止される人|who is suspended
suspends|停止されること|what is suspended
suspends_from|停止の始まり|suspended from
members_at_most|構成員の数の上限|members at most
needs|構成員の条件|needs
requires|職員が確かめること|what staff see to
renewal|更新|renewal
cycle_from|一斉に切り替わる最初の日|cycle from
Change.by|変更の期限|until
Change.at_most|変更の回数|changes at most
Change.within_days|移せる日数|within days
Penalty.per|数える期間|period
CancellationCharge.percent|取消料の割合|share charged
Rung.share|割合|share
DueDate.day|その月の日|day
Extension.since|早められる時刻|not before
Charge.share|割合|share
Charge.name|呼び名|name
Cut.of|何の端数|fraction of
Extra.deposit|預り金（使った後に返す）|deposit (comes back after the use)
WorkedCase.kind|何を確かめるか|kind
Ordinance.times|貸す時間|time to rent
Facility.time|貸す時間|time to rent
Room.time|貸す時間|time to rent
Calendar.hours|開館時間|opening hours
Hours.usual|ふだん|usual
Closure.unless|休まない日|open on
HoursException.open|時間|hours
TimeToRent.hours|時間で貸す決まり|rent by the hour
Window.opens|申込みの始まり|opening of applications
Window.closes|申込みの締切り|end of applications
Lottery.opens|抽選申込みの始まり|opening of entries
Lottery.closes|抽選申込みの締切り|end of entries
Limit.at_most|上限|at most
Limit.of|数えるもの|what counts
Limit.per|期間|period
Limit.lottery|抽選の申込み|lottery entries
Limit.by|数えかた|counted by
unpaid_only|払っていないものだけを数える|only what is not paid counts
Extension.until|延長できる時刻|not beyond
Extension.before|早める|before the use
PenaltyStep.at_least|点数|points
Refund.percent|返す割合|share paid back
ExemptionGround.percent|減らす割合|reduction
ExemptionGround.take|減らす割合|reduction
Charge.of|もとになる額|of
Question.usual|答えがないとき|without an answer
Change.yen|手数料|fee for a change
Rounding.at|いつ|when
Rounding.unit|単位|unit
OwnHoliday.dates|日|days
"""
FIELDS: Mapping[str, Words] = {
    name: Words(ja, en) for name, ja, en in (line.split("|") for line in _FIELDS.split("\n") if line)
}


def label(field: str, of: type | None = None) -> Words:
    """What a field (of a kind of part) is called; its own name where nobody has given it one yet."""
    kinds = of.__mro__ if of else ()
    own = next(
        (FIELDS[f"{kind.__name__}.{field}"] for kind in kinds if f"{kind.__name__}.{field}" in FIELDS), None
    )
    return own or FIELDS.get(field) or same(field)
