"""What all pages of the fake Stripe share: their frame, their style, fields, messages, and two languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from html import escape

Say = Callable[[str, str], str]

JST = timezone(timedelta(hours=9))
STYLE = """
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: #1a1a1c; font: 1.125rem/1.7 system-ui, "Noto Sans JP", sans-serif;
  overflow-wrap: anywhere; line-break: strict; }
.practice { margin: 0; padding: .5rem 1rem; background: #1a1a1c; color: #fff; font-weight: 700; text-align: center; }
main { max-width: 40rem; margin: 0 auto; padding: 1rem; }
main.wide { max-width: 70rem; }
h1 { font-size: 1.75rem; line-height: 1.4; margin: 1rem 0; }
h2 { font-size: 1.375rem; line-height: 1.4; margin: 2rem 0 .75rem; }
h3 { font-size: 1.125rem; margin: 1rem 0 .25rem; }
a { color: #0017c1; text-underline-offset: .2em; }
.go { display: inline-block; min-height: 44px; padding: .5rem 0; }
:focus-visible { outline: 4px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; border-radius: 4px; }
.sum { font-size: 2rem; font-weight: 700; margin: .5rem 0; font-variant-numeric: tabular-nums; }
.lines { list-style: none; margin: 0 0 1rem; padding: 0; border-top: 1px solid #767676; }
.lines li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .5rem 0;
  border-bottom: 1px solid #b3b3b3; }
.lines b { white-space: nowrap; }
label, .label { display: block; font-weight: 700; margin: 1rem 0 .25rem; }
.hint { margin: 0 0 .25rem; color: #4d4d4d; font-size: 1rem; }
input, select, button { font: inherit; min-height: 44px; max-width: 100%; }
input:not([type=checkbox]), select { width: 100%; padding: .375rem .75rem; border: 1px solid #666;
  border-radius: .375rem; background: #fff; color: inherit; }
input[aria-invalid=true] { border: 3px solid #ce0000; }
.short { width: 8rem !important; }
.wrong { color: #a90000; font-weight: 700; margin: .25rem 0 0; }
.check { display: flex; align-items: center; gap: .75rem; font-weight: 400; min-height: 44px; }
.check input { width: 28px; min-height: 28px; flex: none; }
button { padding: .5rem 1.25rem; border: 2px solid #0017c1; border-radius: .5rem; background: #fff; color: #0017c1;
  font-weight: 700; cursor: pointer; }
button.main { width: 100%; background: #0017c1; color: #fff; margin-top: 1.25rem; min-height: 56px; }
button.danger { border-color: #a90000; color: #a90000; }
.box { border: 1px solid #767676; border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
.box > :first-child { margin-top: 0; } .box > :last-child { margin-bottom: 0; }
.alert { border: 3px solid #ce0000; border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0; }
.alert p { margin: 0; font-weight: 700; } .alert ul { margin: .25rem 0 0; padding: 0; list-style: none; }
.alert a { display: inline-block; min-height: 44px; padding: .375rem 0; }
.note { border-left: 6px solid #0017c1; padding: .25rem 0 .25rem 1rem; margin: 1rem 0; }
dl.facts { margin: 0 0 1rem; } dl.facts div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .375rem 0;
  border-bottom: 1px solid #b3b3b3; } dl.facts dt { min-width: 11rem; color: #4d4d4d; } dl.facts dd { margin: 0; }
.number { font-size: 1.5rem; font-weight: 700; letter-spacing: .06em; font-variant-numeric: tabular-nums; }
summary { min-height: 44px; padding: .5rem 0; cursor: pointer; font-weight: 700; }
.scroll { overflow-x: auto; } .scroll table { min-width: 44rem; }
table { border-collapse: collapse; width: 100%; font-size: 1rem; }
th, td { text-align: left; padding: .5rem; border-bottom: 1px solid #b3b3b3; vertical-align: top; }
td:nth-child(2) { white-space: nowrap; }
td.yen { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; } .acts form { margin: 0; }
.acts.line { align-items: end; gap: .5rem 1rem; } .acts.line > * { flex: 0 1 auto; }
.acts.line label { margin-top: 0; }
@media (min-width: 48rem) { .two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; } }
"""


@dataclass(frozen=True)
class Page:
    """An answer for a browser: a page, or somewhere else to go."""

    html: str = ""
    status: int = 200
    to: str = ""


@dataclass
class Wrong:
    """What is wrong with a form: sentences by field, and what was typed. ``prefix`` begins the ids of its fields."""

    typed: Mapping[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    general: str = ""
    prefix: str = ""


def speaker(language: str) -> Say:
    """Return a function that chooses between a Japanese and an English sentence."""
    return lambda japanese, english: english if language == "en" else japanese


def frame(title: str, content: str, say: Say, *, wide: bool = False, other: str = "") -> Page:
    """Return a page. ``other``: where it can be read in the other language."""
    language = say("ja", "en")
    switch = (
        f'<p><a class="go" href="{escape(other)}" lang="{say("en", "ja")}">{say("English", "日本語")}</a></p>'
        if other
        else ""
    )
    practice = say("練習用のページです。お金は動きません。", "This page is for practice. No money is moved.")
    return Page(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head><body>'
        f'<header><p class="practice">{practice}</p></header>'
        f"<main{' class=wide' if wide else ''}><h1>{escape(title)}</h1>{content}{switch}</main></body></html>"
    )


def text_field(
    name: str,
    label: str,
    wrong: Wrong,
    *,
    hint: str = "",
    value: str = "",
    attributes: str = 'type="text"',
) -> str:
    """Return a labelled field, with what is wrong with it."""
    problem, place = wrong.found.get(name, ""), wrong.prefix + name
    described = " ".join(([f"{place}-hint"] if hint else []) + ([f"{place}-wrong"] if problem else []))
    return (
        f'<label for="{place}">{escape(label)}</label>'
        + (f'<p class="hint" id="{place}-hint">{escape(hint)}</p>' if hint else "")
        + f'<input id="{place}" name="{name}" value="{escape(wrong.typed.get(name, value))}" {attributes}'
        + (f' aria-describedby="{described}"' if described else "")
        + (' aria-invalid="true"' if problem else "")
        + ">"
        + (f'<p class="wrong" id="{place}-wrong">{escape(problem)}</p>' if problem else "")
    )


def alert(wrong: Wrong, say: Say) -> str:
    """Return what is wrong, above the form, with links to its fields."""
    if not wrong.found and not wrong.general:
        return ""
    heading = wrong.general or say("入力を確かめてください。", "Please check what you entered.")
    links = "".join(
        f'<li><a href="#{wrong.prefix}{name}">{escape(text)}</a></li>' for name, text in wrong.found.items()
    )
    listed = f"<ul>{links}</ul>" if links else ""
    return f'<div class="alert" role="alert"><p>{escape(heading)}</p>{listed}</div>'


def button_form(to: str, label: str, *, kind: str = "", fields: Mapping[str, str] | None = None) -> str:
    """Return a form that is one button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
        for key, value in (fields or {}).items()
    )
    style = f' class="{kind}"' if kind else ""
    return f'<form method="post" action="{escape(to)}">{hidden}<button{style}>{escape(label)}</button></form>'


def choice(name: str, label: str, options: Mapping[str, str]) -> str:
    """Return a labelled select."""
    listed = "".join(
        f'<option value="{escape(key)}">{escape(text)}</option>' for key, text in options.items()
    )
    return f'<div><label for="{name}">{escape(label)}</label><select id="{name}" name="{name}">{listed}</select></div>'


def yen(amount: int, say: Say) -> str:
    """Return an amount as it is read."""
    return say(f"{amount:,}円", f"¥{amount:,}")


def moment(seconds: int, say: Say) -> str:
    """Return a time in Japan as it is read."""
    at = datetime.fromtimestamp(seconds, JST)
    return say(f"{at:%Y年}{at.month}月{at.day}日 {at:%H:%M}", f"{at:%d %b %Y, %H:%M} (Japan)")


def facts(pairs: Mapping[str, str]) -> str:
    """Return facts with their names; the values are HTML already."""
    return (
        '<dl class="facts">'
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in pairs.items())
        + "</dl>"
    )


def sorry(title: str, text: str, say: Say, *, status: int = 404, back: str = "") -> Page:
    """Return a page that says why there is nothing here."""
    link = (
        f'<p><a class="go" href="{escape(back)}">{say("お店のページへ戻る", "Back to the shop")}</a></p>'
        if back
        else ""
    )
    return replace(frame(title, f"<p>{escape(text)}</p>{link}", say), status=status)
