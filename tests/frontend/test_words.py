"""Every sentence people read: there in English, in plain Japanese, and never in two languages on one page."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType

from config import messages
from facilities.ordinance.reasons import SENTENCES
from tenants.errors import Refusal

TEMPLATES = messages.TEMPLATES
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々（）：〜、。「」※]")
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# Japanese in an English sentence: an example of what to type, exactly as it is typed.
JAPANESE_IN_ENGLISH = {
    "例：あきる野市",
    # What the town's budget book calls its headings, what stands on the paper, and signs to be written as they are.
    *("款", "項", "目", "節"),
    "1行に1つ、「見出し：項目」と書きます。いつも同じ文字は「」で囲みます。",
    "この領収書は、もう渡しました。もう一度印刷すると「再発行」と書かれ、記録に残ります。",
    "番号 %(number)s と内容は、はじめのものと同じです。「再発行」と、きょうの日付がつきます。",
}

# Japanese outside the catalogue, and why.
UNTRANSLATED_TEMPLATES = {
    "errors/body_too_large.html": "says it in both languages: nothing of the request is read",
    "errors/closed_municipality.html": "says it in both languages: no municipality, so no language chosen",
    "errors/server_error.html": "says it in both languages: nothing may fail here",
    "errors/standalone.html": "frame of those pages",
    "errors/unknown_host.html": "says it in both languages: no municipality, so no language chosen",
    "components/language.html": "each language is named in itself",
}

LONGEST_SENTENCE = 60
FORBIDDEN = (
    "ご査収", "当該", "の上、", "致し", "いたしま", "頂", "下さい", "出来", "又は", "若しく", "並びに", "及び",
    "御", "尚、", "おります", "ございます", "させていただ", "キャンセル", "確定", "押下", "クリック", "タップ",
    "入力", "認証", "遷移",
)  # fmt: skip
RESIDENT_TEXT = (
    "accounts/", "booking/errors.py", "frontend/accounts/", "frontend/forms.py", "frontend/resident/",
    "frontend/calendars.py", "frontend/templates/account/", "frontend/templates/base.html",
    "frontend/templates/calendars/my", "frontend/templates/components/", "frontend/templates/errors/",
    "frontend/templates/mfa/", "frontend/templates/resident", "frontend/templates/operator/front.html",
    "frontend/templatetags/machinoma.py", "locks/queries.py", "payments/errors.py",
)  # fmt: skip
# A button that is no verb, and why.
OTHER_BUTTONS = {
    "変更": "repeated on every row, with what it changes read aloud behind it",
    "パスワードを忘れた": "what people say themselves when they look for it",
}
BUTTON = re.compile(
    r"""<button[^>]*>\{%\s*translate\s+["']([^"']+)|class="button[^"]*"[^>]*>\{%\s*translate\s+["']([^"']+)"""
)


@pytest.fixture(scope="module")
def english():
    return [message for message in messages.read_catalogue("en") if message.id]


def ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def words(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_the_english_catalogue_holds_every_sentence_and_no_other(english):
    on_disk = {(ids(message), message.context) for message in english}
    today = {(ids(message), message.context) for message in messages.fresh_catalogue() if message.id}
    assert on_disk == today, "run: python -m config.messages"


def test_every_sentence_is_translated(english):
    assert [ids(one)[0] for one in english if one.fuzzy or not all(words(one))] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_compiled_catalogue_is_fresh(language):
    catalogue = messages.read_catalogue(language)
    assert messages.catalogue_path(language).read_bytes() == messages.written(catalogue)
    compiled = messages.catalogue_path(language).with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(catalogue), "run: python -m config.messages"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_translation_keeps_its_placeholders(language):
    for message in messages.read_catalogue(language):
        for text in words(message) if message.id else ():
            # One person needs no number; a placeholder that the sentence does not have is a crash.
            assert set(PLACEHOLDERS.findall(text)) == set(PLACEHOLDERS.findall(ids(message)[-1])), text


def test_plainer_words_are_for_sentences_that_django_or_allauth_still_say():
    """After an upgrade that changes a sentence, our plainer words for it would be lost without a sound."""
    said = set()
    for package in (django, allauth):
        for path in Path(package.__file__).parent.rglob("locale/*/LC_MESSAGES/django.po"):
            if path.parts[-3] in ("en", "de"):
                with path.open("rb") as file:
                    said |= {ids(message)[0] for message in read_po(file) if message.id}
    ours = {ids(message)[0] for message in messages.read_catalogue("ja") if message.id}
    assert ours - said == set()


def test_english_is_english(english):
    mixed = [text for one in english for text in words(one) if JAPANESE.search(text)]
    assert mixed == [text for one in english if ids(one)[0] in JAPANESE_IN_ENGLISH for text in words(one)]


def test_every_refusal_has_its_sentence_in_english(english):
    for app in messages.APPS:
        for path in sorted((messages.ROOT / app).rglob("*.py")):
            if "(Refusal)" in path.read_text("utf-8"):
                importlib.import_module(".".join(path.relative_to(messages.ROOT).with_suffix("").parts))
    known = {ids(message)[0] for message in english}
    kinds, found = [Refusal], set()
    while kinds:
        kind = kinds.pop()
        if not kind.__module__.startswith("tests."):
            found.add(kind.__doc__)
        kinds.extend(kind.__subclasses__())
    assert len(found) > 40
    assert found - known == set()


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_a_template_holds_no_japanese_outside_translations(path):
    if path.relative_to(TEMPLATES).as_posix() in UNTRANSLATED_TEMPLATES:
        return
    assert untranslated(path) == []


def untranslated(path: Path) -> list[str]:
    found, inside = [], False
    for token in Lexer(path.read_text("utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK and token.contents.startswith("blocktranslate"):
            inside = True
        elif token.token_type == TokenType.BLOCK and token.contents.startswith("endblocktranslate"):
            inside = False
        elif token.token_type == TokenType.BLOCK and token.contents.startswith(("translate", "comment")):
            continue
        elif token.token_type != TokenType.COMMENT and not inside:
            text = re.sub(r'_\("[^"]*"\)', "", token.contents)
            found += [token.contents] if JAPANESE.search(text) else []
    return found


def resident_sentences():
    said = [(one.file, one.text) for one in messages.sentences() if one.file.startswith(RESIDENT_TEXT)]
    said += [("facilities/ordinance/reasons.py", japanese) for japanese, _english in SENTENCES.values()]
    overrides = (message for message in messages.read_catalogue("ja") if message.id)
    said += [("frontend/locale/ja", text) for message in overrides for text in words(message)]
    return said


def test_residents_read_short_sentences():
    long = [
        (file, sentence)
        for file, text in resident_sentences()
        for sentence in re.split(r"(?<=[。！？])", text)
        if len(sentence) > LONGEST_SENTENCE
    ]
    assert long == []


def test_residents_read_plain_words():
    stiff = [(word, file, text) for file, text in resident_sentences() for word in FORBIDDEN if word in text]
    assert stiff == []


def test_buttons_say_what_they_do():
    said = {
        text
        for folder in ("resident", "account", "mfa", "components", "calendars")
        for path in (TEMPLATES / folder).rglob("*.html")
        for pair in BUTTON.findall(path.read_text("utf-8"))
        for text in pair
        if text
    }
    assert len(said) > 20
    verbs = re.compile(r"(る|む|く|ぐ|す|う|つ|ぶ|ない|へ)$")
    assert sorted(text for text in said - OTHER_BUTTONS.keys() if not verbs.search(text)) == []
