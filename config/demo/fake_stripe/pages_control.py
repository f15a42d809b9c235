"""The control pages: who has paid what at which account, and buttons for what shops, banks and bad luck do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from config.demo.fake_stripe import balance, pages, settling
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.faults import FAULTS
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.pages import Page, Say
from config.demo.fake_stripe.platform import Store
from config.demo.fake_stripe.refunding import OUTCOMES
from config.demo.fake_stripe.webhooks import MISHAPS

_SHOWN = 30
_FAULT_WORDS = {
    "429": ("混み合っている（429）", "too many calls (429)"),
    "500": ("エラー（500）", "an error (500)"),
    "409": ("同じ番号の処理中（409）", "the same key is in use (409)"),
    "401": ("鍵が無効（401）", "the key is refused (401)"),
    "dropped_before": ("届く前に切れる", "the line goes dead before the work"),
    "timeout": ("仕事はして、返事をしない", "the work is done, but no answer comes"),
    "dropped": ("仕事はして、すぐに切れる", "the work is done, and the line goes dead"),
    "500_done": ("仕事はして、エラー（500）と答える", "the work is done, and the answer is an error (500)"),
}
_MISHAP_WORDS = {
    "lost": ("届かない", "is lost"),
    "twice": ("2回届く", "arrives twice"),
    "ten_times": ("10回届く", "arrives ten times"),
    "late": ("1分おくれる", "is a minute late"),
    "forged": ("にせ物が先に届く", "comes after a forgery"),
    "old": ("1時間前の署名の写しが先に届く", "comes after a stale copy"),
}
_OUTCOME_WORDS = {
    "pending": ("1時間かかる", "takes an hour"),
    "fails": ("うまくいき、1時間あとに失敗する", "goes well and fails an hour later"),
    "no_funds": ("残高が足りず、待たされる", "waits for money on the account"),
}
_STATES = {
    "requires_payment_method": ("支払い待ち", "waits for payment"),
    "requires_confirmation": ("支払い待ち", "waits for payment"),
    "requires_action": ("本人の手続き待ち", "waits for the payer"),
    "succeeded": ("済み", "done"),
    "canceled": ("取消し", "cancelled"),
    "pending": ("手続き中", "under way"),
    "failed": ("失敗", "failed"),
    "needs_response": ("異議が出ている", "disputed"),
    "won": ("異議が退けられた", "dispute won"),
    "lost": ("異議が認められた", "dispute lost"),
}
_WAYS = {
    "card": ("カード", "card"),
    "konbini": ("コンビニ", "konbini"),
    "paypay": ("PayPay", "PayPay"),
    "": ("", ""),
}
_HOURS = {
    "1": ("1時間", "an hour"),
    "24": ("1日", "a day"),
    "120": ("5日", "five days"),
    "1104": ("46日", "46 days"),
}


def home(control: Control, say: Say, said: str = "") -> Page:
    """Return the list of accounts, and what can go wrong on command."""
    platform = control.platform
    listed = "".join(
        f'<li><a class="go" href="/accounts/{name}?lang={say("ja", "en")}">{escape(_name(account))}</a>'
        f"<b>{_ready(account, say)} {pages.yen(balance.total(platform.stores[name]), say)}</b></li>"
        for name, account in platform.accounts.items()
    )
    none = f"<p>{say('まだ、だれも登録していません。', 'Nobody has an account yet.')}</p>"
    waiting = len(platform.webhooks.pending)
    state = {
        say("時計", "Clock"): pages.moment(platform.now(), say),
        say("待っている通知", "Webhooks waiting"): str(waiting),
        say("命じた失敗", "Faults ordered"): escape(
            say("、", ", ").join(say(*_FAULT_WORDS[one.kind]) for one in platform.faults.waiting)
            or say("なし", "none")
        ),
    }
    intro = say(
        "デモの決済会社です。ここで、支払う人・コンビニ・銀行がすることと、困ったことを起こせます。",
        "The demo's payment company. Do here what payers, shops and banks do, and let things go wrong.",
    )
    content = (
        f"<p>{intro}</p>{_told(said)}<h2>{say('アカウント', 'Accounts')}</h2>"
        + (f'<ul class="lines">{listed}</ul>' if listed else none)
        + f"<h2>{say('いまのようす', 'How things are')}</h2>{pages.facts(state)}{_bad_luck(say)}"
    )
    return pages.frame(
        say("デモの決済", "The demo's payments"), content, say, wide=True, other=f"/?lang={say('en', 'ja')}"
    )


def account(control: Control, store: Store, say: Say, said: str = "") -> Page:
    """Return the payments, refunds and disputes of an account, newest first, with buttons."""
    row = control.platform.accounts[store.id]
    place = f"/accounts/{store.id}?lang={say('ja', 'en')}"
    gross, net = (sum(one[key] for one in store.transactions.values()) for key in ("amount", "net"))
    state = {
        say("状態", "State"): _ready(row, say),
        say("動いた金額の合計", "Sum of all movements"): pages.yen(gross, say),
        say("手数料を引いた残高", "Balance after fees"): pages.yen(net, say),
    }
    turn = (
        pages.button_form(
            place,
            say("受け取りを止める", "Stop payments"),
            kind="danger",
            fields={"act": "restrict", "id": store.id},
        )
        if row["charges_enabled"]
        else pages.button_form(
            place, say("受け取れるようにする", "Allow payments"), fields={"act": "onboard", "id": store.id}
        )
    )
    transfer = pages.button_form(
        place, say("口座へ振り込む", "Pay out"), fields={"act": "pay_out", "id": store.id}
    )
    content = (
        f'<p><a class="go" href="/?lang={say("ja", "en")}">{say("すべてのアカウント", "All accounts")}</a></p>'
        f'{_told(said)}{pages.facts(state)}<div class="acts">{turn}{transfer}</div>'
        + _table(
            say("支払い", "Payments"),
            [_payment(store, one, place, say) for one in _newest(store.intents)],
            say,
        )
        + _table(
            say("返金", "Refunds"), [_refund(store, one, place, say) for one in _newest(store.refunds)], say
        )
        + _table(
            say("異議", "Disputes"),
            [_dispute(store, one, place, say) for one in _newest(store.disputes)],
            say,
        )
    )
    return pages.frame(_name(row), content, say, wide=True, other=f"?lang={say('en', 'ja')}")


def press(control: Control, typed: Mapping[str, str], say: Say) -> str:
    """Do what a button says; return why it could not be done, or an empty text."""
    act, name = typed.get("act", ""), typed.get("id", "")
    try:
        if act in _ON_OBJECT:
            _ON_OBJECT[act](control, name)
        elif act == "fault" and typed.get("kind") in FAULTS:
            control.fault(typed["kind"])
        elif act == "mishap" and typed.get("kind") in MISHAPS:
            control.mishap(typed["kind"])
        elif act == "refund" and typed.get("kind") in OUTCOMES:
            control.next_refund(typed["kind"])
        elif act == "advance" and typed.get("hours") in _HOURS:
            control.advance(int(typed["hours"]) * 3600)
        elif act == "calm":
            control.calm()
        else:
            return say("その操作はありません。", "There is no such button.")
    except Problem as problem:
        return say("できませんでした。", "That did not work.") + f" {problem.message}"
    return ""


_ON_OBJECT: dict[str, Callable[[Control, str], object]] = {
    "pay_konbini": Control.pay_konbini,
    "expire_konbini": Control.expire_konbini,
    "agree": Control.agree,
    "refuse": Control.refuse,
    "dispute": Control.dispute,
    "win": lambda control, name: control.close_dispute(name, won=True),
    "lose": lambda control, name: control.close_dispute(name, won=False),
    "settle_refund": Control.settle_refund,
    "fail_refund": Control.fail_refund,
    "restrict": Control.restrict,
    "onboard": Control.onboard,
    "pay_out": Control.pay_out,
}


def _payment(store: Store, row: Row, place: str, say: Say) -> list[str]:
    charge = store.charges.get(row["latest_charge"] or "", {})
    kind = (store.methods.get(row["payment_method"] or "") or {}).get("type", "")
    links = ""
    acts: dict[str, str] = {}
    if settling.voucher_of(row):
        links = f'<a class="go" href="/konbini/{row["id"]}">{say("番号のページ", "Voucher")}</a>'
        acts = {
            "pay_konbini": say("店で支払われる", "Paid at a shop"),
            "expire_konbini": say("期限が切れる", "Expires"),
        }
    elif row["status"] == "requires_action":
        acts = {
            "agree": say("本人が承諾する", "The payer agrees"),
            "refuse": say("本人が断る", "The payer refuses"),
        }
    elif row["status"] == "succeeded" and not charge.get("disputed") and kind == "card":
        acts = {"dispute": say("異議が出る", "Disputed")}
    words = escape(row["description"] or row["id"])
    return [
        words,
        say(*_WAYS[kind]),
        pages.yen(row["amount"], say),
        _state(row, say),
        links + _buttons(acts, row, place),
    ]


def _refund(store: Store, row: Row, place: str, say: Say) -> list[str]:
    links, acts = "", {}
    if row["status"] == "requires_action":
        links = f'<a class="go" href="/refunds/{row["id"]}">{say("本人が口座を入れるページ", "Page for the payer")}</a>'
    if row["status"] in {"pending", "requires_action"}:
        acts["settle_refund"] = say("届く", "Arrives")
    if row["status"] in {"succeeded", "pending", "requires_action"}:
        acts["fail_refund"] = say("失敗する", "Fails")
    yen, state = pages.yen(row["amount"], say), _state(row, say)
    return [*_of_charge(store, row["charge"], say), yen, state, links + _buttons(acts, row, place)]


def _dispute(store: Store, row: Row, place: str, say: Say) -> list[str]:
    acts = (
        {"win": say("退けられる", "Won"), "lose": say("認められる", "Lost")}
        if row["status"] == "needs_response"
        else {}
    )
    yen, state = pages.yen(row["amount"], say), _state(row, say)
    return [*_of_charge(store, row["charge"], say), yen, state, _buttons(acts, row, place)]


def _of_charge(store: Store, name: str, say: Say) -> list[str]:
    """What a charge was for, and how it was paid."""
    charge = store.charges[name]
    return [escape(charge["description"] or name), say(*_WAYS[charge["payment_method_details"]["type"]])]


def _buttons(acts: Mapping[str, str], row: Row, place: str) -> str:
    forms = "".join(
        pages.button_form(place, label, fields={"act": act, "id": row["id"]}) for act, label in acts.items()
    )
    return f'<div class="acts">{forms}</div>' if forms else ""


def _table(title: str, found: list[list[str]], say: Say) -> str:
    if not found:
        return f"<h2>{title}</h2><p>{say('ありません。', 'None.')}</p>"
    heads = (
        say("何の", "What"),
        say("方法", "How"),
        say("金額", "Amount"),
        say("状態", "State"),
        say("起こせること", "Acts"),
    )
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="yen">{cell}</td>' if place == 2 else f"<td>{cell}</td>"
            for place, cell in enumerate(cells)
        )
        + "</tr>"
        for cells in found
    )
    return (
        f'<h2>{title}</h2><div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _bad_luck(say: Say) -> str:
    place = f"/?lang={say('ja', 'en')}"

    def form(act: str, name: str, label: str, words: Mapping[str, tuple[str, str]], button: str) -> str:
        options = {key: say(*value) for key, value in words.items()}
        select = pages.choice(name, label, options).replace(f'"{name}"', f'"{act}-{name}"', 2)
        return (
            f'<form class="acts line" method="post" action="{place}"><input type="hidden" name="act" value="{act}">'
            f"{select}<button>{button}</button></form><p></p>"
        )

    do = say("起こす", "Order it")
    return (
        f"<h2>{say('困ったことを起こす', 'Let things go wrong')}</h2>"
        + form("fault", "kind", say("つぎの呼び出しが", "The next call meets:"), _FAULT_WORDS, do)
        + form("mishap", "kind", say("つぎの通知が", "The next webhook"), _MISHAP_WORDS, do)
        + form("refund", "kind", say("つぎの返金が", "The next refund"), _OUTCOME_WORDS, do)
        + pages.button_form(
            place, say("すべて元どおりにする", "Let all go well again"), fields={"act": "calm"}
        )
        + f"<h2>{say('時計を進める', 'Put the clock on')}</h2>"
        + f"<p>{say('進むのは、この決済会社の時計だけです。', 'Only this company’s clock is put on.')}</p>"
        + form("advance", "hours", say("どれだけ", "By"), _HOURS, say("進める", "Put it on"))
    )


def _told(said: str) -> str:
    return f'<p class="note" role="status">{escape(said)}</p>' if said else ""


def _newest(table: Mapping[str, Row]) -> list[Row]:
    return list(table.values())[: -_SHOWN - 1 : -1]


def _name(row: Row) -> str:
    return str((row["business_profile"] or {}).get("name") or row["id"])


def _ready(row: Row, say: Say) -> str:
    return say("受け取れます", "ready") if row["charges_enabled"] else say("まだ受け取れません", "not ready")


def _state(row: Row, say: Say) -> str:
    return say(*_STATES.get(row["status"], (row["status"], row["status"])))
