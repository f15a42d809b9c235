"""The applicant class people say of themselves, where the rules of the municipality know several."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext as _

from accounts.models import Resident
from facilities.asking import applicant_classes
from facilities.ordinance.document.clauses import ApplicantClass
from frontend.templatetags.machinoma import name_of


@dataclass(frozen=True, slots=True)
class ClassesOfResident:
    """``to_say``: those to choose among, none where there is no choice. ``has``: the one staff have granted."""

    to_say: tuple[ApplicantClass, ...]
    granted: tuple[ApplicantClass, ...]
    has: ApplicantClass | None

    @classmethod
    def of(cls, resident: Resident | None, day: date) -> ClassesOfResident:
        """Return what a resident (None: somebody new) may say on a day."""
        known = applicant_classes(day)
        granted = tuple(one for one in known if one.granted)
        has = next((one for one in granted if resident and one.key == resident.applicant_class), None)
        to_say = tuple(one for one in known if not one.granted)
        return cls(to_say if len(to_say) > 1 and not has else (), granted, has)

    @property
    def granted_keys(self) -> tuple[str, ...]:
        """The keys of the classes only staff give."""
        return tuple(one.key for one in self.granted)

    def field(self) -> forms.ChoiceField:
        """The question which class one belongs to."""
        please = _("どれにあてはまるかを選んでください。")
        return forms.ChoiceField(
            label=_("あなたは、どれにあてはまりますか"),
            help_text=_("料金や申し込める日が変わることがあります。"),
            choices=[(one.key, name_of(one)) for one in self.to_say],
            widget=forms.RadioSelect,
            error_messages={"required": please, "invalid_choice": please},
        )
