"""What somebody who waits says: which time, whether to be told or offered it, and whether another room would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.calendar import RoomDay
from booking.models import Wait
from facilities.queries import RoomFacts
from frontend.forms import PlainForm
from frontend.resident.choices import read_time, write_time
from frontend.templatetags.machinoma import clock, name_of


class WishForm(PlainForm):
    """To be told or to be offered the time; and whether another room of the kind would do."""

    wish = forms.ChoiceField(
        label=gettext_lazy("空いたら、どうしますか"),
        widget=forms.RadioSelect,
        choices=[
            (Wait.Wish.OFFER, gettext_lazy("使いたい（順番が来たら、ご案内します）")),
            (Wait.Wish.TELL, gettext_lazy("知らせてほしい（空いたときに、みなさんと同時にお知らせします）")),
        ],
    )

    def __init__(self, data: Any = None, *, alike: Sequence[RoomFacts], **options: Any) -> None:
        """``alike``: the other rooms of the kind, by name; without any they are not asked about."""
        super().__init__(data, **options)
        if alike:
            names = _("・").join(name_of(room) for room in alike)
            label = _("同じ種類のほかの部屋でもよい（{rooms}）").format(rooms=names)
            self.fields["any_alike"] = forms.BooleanField(label=label, required=False)


class AskForm(WishForm):
    """The same with the time: a slot, or from when until when."""

    field_order = ["time", "starts", "ends", "wish", "any_alike"]

    def __init__(
        self, data: Any = None, *, state: RoomDay, chosen: tuple[int, int] | None, **options: Any
    ) -> None:
        """``chosen``: the time to start from, in minutes of the day."""
        starts, ends = (str(at) for at in chosen) if chosen else ("", "")
        time = write_time(*chosen) if chosen else ""
        initial = {"wish": Wait.Wish.OFFER, "time": time, "starts": starts, "ends": ends}
        super().__init__(data, initial=initial, **options)
        cells = [one for one in state.slots if one.state != "past"]
        if state.kind == "hours":
            begins, closes = sorted({one.starts for one in cells}), sorted({one.ends for one in cells})
            self.fields["starts"] = _clocks(_("何時から"), begins)
            self.fields["ends"] = _clocks(_("何時まで"), closes)
        else:
            shown = [
                (
                    write_time(one.starts, one.ends),
                    f"{name_of(one)} {clock(one.starts)}{_('〜')}{clock(one.ends)}",
                )
                for one in cells
            ]
            self.fields["time"] = forms.ChoiceField(label=_("待つ時間"), choices=shown)
        self.order_fields(self.field_order)

    def period(self) -> tuple[int, int]:
        """Return the time asked for in minutes of the day, once the form is valid."""
        said = self.cleaned_data
        if "time" in self.fields:
            return read_time(said["time"]) or (0, 0)
        return int(said["starts"]), int(said["ends"])


def _clocks(label: str, minutes: Sequence[int]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[(str(at), clock(at)) for at in minutes])
