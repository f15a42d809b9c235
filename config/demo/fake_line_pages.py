"""Pages of the fake LINE platform: who has which chats, what was said, and buttons for what people do."""

from __future__ import annotations

from html import escape

from config.demo.fake_line import FAULTS, FakeLine, Friend

STYLE = """
body { margin: 0; font: 1.125rem/1.7 system-ui, sans-serif; color: #1a1a1c; background: #fff; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; }
a { color: #0017c1; display: inline-block; min-height: 44px; }
a:focus, button:focus, input:focus, select:focus { outline: 4px solid #000; outline-offset: 2px; }
input, select, button { font: inherit; min-height: 44px; box-sizing: border-box; max-width: 100%; padding: 0 .75rem; }
form { margin: 0 0 1rem; } label { display: block; }
.said { border: 1px solid #767676; border-radius: .5rem; padding: .5rem .75rem; margin: 0 0 .75rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.said b { display: block; font-size: 1rem; }
.said--own { margin-left: 15%; background: #eaf5ec; }
"""
_FAULT_WORDS = {
    "429": "混み合っている（429）",
    "monthly": "今月の上限（429）",
    "500": "エラー（500）",
    "lost": "届いたあとで、返事が消える",
    "401": "トークンが無効（401）",
}


def chats(line: FakeLine) -> str:
    """Return the list of all chats, a form to become a friend, and the faults."""
    items = "".join(
        f'<li><a href="/friends/{escape(one.user_id)}">{escape(one.name)}（{escape(_account(line, one))}）'
        f"{'' if one.follows else ' ブロック中'} {len(one.chat)}件</a></li>"
        for one in line.friends.values()
    )
    accounts = "".join(
        f'<option value="{escape(token)}">{escape(one.name)} {escape(one.basic_id)}</option>'
        for token, one in line.channels.items()
    )
    faults = "".join(f'<option value="{key}">{_FAULT_WORDS[key]}</option>' for key in FAULTS)
    return _page(
        "デモのLINE",
        (f"<h2>トーク</h2><ul>{items}</ul>" if items else "<p>まだ、だれも友だちになっていません。</p>")
        + '<h2>友だちになる</h2><form method="post" action="/friends">'
        f'<label for="token">公式アカウント</label><select id="token" name="token">{accounts}</select>'
        '<label for="name">あなたの名前</label><input id="name" name="name" value="春子">'
        "<p><button>友だちに追加する</button></p></form>"
        '<h2>つぎの送信を、わざと失敗させる</h2><form method="post" action="/faults">'
        f'<label for="fault">失敗のしかた</label><select id="fault" name="fault">{faults}</select>'
        "<p><button>失敗させる</button></p></form>",
    )


def chat(line: FakeLine, friend: Friend) -> str:
    """Return one chat with a field to type into."""
    said = "".join(
        f'<div class="said{" said--own" if who == friend.name else ""}"><b>{escape(who)}</b>{escape(text)}</div>'
        for who, text in friend.chat
    )
    place = f"/friends/{escape(friend.user_id)}"
    turn = ("block", "ブロックする") if friend.follows else ("unblock", "ブロックをやめる")
    return _page(
        f"{friend.name} と {_account(line, friend)}",
        f'<p><a href="/">すべてのトーク</a></p>{said or "<p>まだ何もありません。</p>"}'
        f'<form method="post" action="{place}/say"><label for="text">送る言葉</label>'
        '<input id="text" name="text" autocomplete="off"> <button>送る</button></form>'
        f'<form method="post" action="{place}/{turn[0]}"><button>{turn[1]}</button></form>',
    )


def not_found() -> str:
    """Return the page for a chat that is not there."""
    return _page("このトークはありません", '<p><a href="/">すべてのトーク</a></p>')


def _account(line: FakeLine, friend: Friend) -> str:
    return line.channels[friend.token].name


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
