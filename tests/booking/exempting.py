"""Rules with grounds of exemption, for the tests of exemptions: written into the rules of あきる野市."""

from __future__ import annotations

CLASSES = (
    "  - {key: general, name: 一般, name_en: General public}\n",
    "  - {key: general, name: 一般, name_en: General public}\n"
    "  - {key: registered, name: 登録団体, name_en: Registered groups, granted: true}\n",
)
QUESTION = (
    "\ncauses:\n",
    "\nquestions:\n  - {key: admission, name: 入場料を取る, name_en: Admission is charged}\n\ncauses:\n",
)
WINDOWS = ("      - who: [general]\n", "      - who: [general, registered]\n")
GROUNDS = (
    "\nrounding:\n",
    """
exemptions:
  usual:
    - {key: host, name: 市の主催, name_en: Held by the city, percent: 100, article: 第8条, covers: all}
    - {key: welfare, name: 福祉団体, name_en: Welfare groups, percent: 50, unless: {admission: true}}
    - {key: circle, name: 登録団体の活動, name_en: Registered, percent: 50, when: {who: registered}, automatic: true}
    - {key: small, name: 少人数, name_en: Few people, percent: 25, when: {headcount: ..5}, automatic: true}
    - {key: special, name: 市長が認めるとき, name_en: Special cases, at_most_percent: 70}
    - {key: open, name: その他, name_en: Others, discretionary: 減額又は免除, at_most_yen: 500}
    - {key: yearly, name: 年2回の免除, name_en: Twice a year, percent: 100, at_most_times: 2}
    - {key: more, name: 重ねる減免, name_en: Added to others, percent: 20, stack: add}

rounding:
""",
)
HALL = (
    "    application: open\n    cancellation: usual\n",
    "    application: open\n    cancellation: usual\n    exemption: usual\n    extras: usual\n",
)
EXTRAS = (
    "\nrounding:\n",
    "\nextras:\n  usual:\n    - {key: piano, name: ピアノ, name_en: Piano, fee: {yen: 500}}\n\nrounding:\n",
)
RULES_WITH_GROUNDS = (CLASSES, QUESTION, WINDOWS, EXTRAS, GROUNDS, HALL)
