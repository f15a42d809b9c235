"""Documents on paper (許可書, 領収書 …): typeset as PDF with their own fonts, the same on every machine.

A document is a template in ``templates/`` and a mapping of what it says: ``typesetting.typeset``. Nobody's text is ever
part of a template, so that nobody's name can become a command.
"""
