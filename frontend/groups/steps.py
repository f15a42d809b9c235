"""The steps of an application: roster, papers, check. Residents walk them on a phone, staff at the desk for somebody.

A ``Place`` says who walks and where the pages are; the views in resident/ and desk/ make it and ask who may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.errors import MemberNotFound
from accounts.groups.rosters import roster_of, view_roster
from accounts.models import RosterEntry
from facilities.errors import NotInThisState
from facilities.groups.applying import (
    apply_for_registration,
    correct_roster,
    drop_draft,
    look_over,
    mark_roster,
    save_answers,
    strike_from_roster,
    take_back,
    write_roster,
)
from facilities.groups.evidence import add_evidence, evidence_of, open_evidence, remove_evidence
from facilities.groups.kinds import Kind, kind_of
from facilities.groups.records import BEING_WRITTEN
from facilities.models import GroupRegistration
from frontend.answers import carry_out
from frontend.groups.forms import EvidenceForm, NamesForm, PapersForm, PersonOnRosterForm
from frontend.middleware import log_refusal
from frontend.resident.days import today
from frontend.resident.question_fields import answers_in
from tenants.errors import Refusal

PEOPLE_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Who works on a registration, and where: ``prefix`` of the addresses' names, the ``base`` of the pages."""

    registration: GroupRegistration
    actor: Actor
    prefix: str = ""
    base: str = "resident_base.html"

    @property
    def group_id(self) -> int:
        """The group's id."""
        return self.registration.group_id

    @property
    def by_staff(self) -> bool:
        """Whether staff do it for somebody."""
        return self.actor.is_staff

    @property
    def being_written(self) -> bool:
        """Whether it is still to be handed in."""
        return self.registration.state in BEING_WRITTEN

    @property
    def kind(self) -> Kind:
        """What it is, by today's rules. Raises KindNotFound."""
        one = self.registration
        return kind_of(one.rule_book_id, one.kind, today(timezone.now()))

    def url(self, name: str, *more: Any) -> str:
        """The address of a page of this registration."""
        return reverse(f"{self.prefix}{name}", args=[self.registration.ref, *more])

    def to(self, name: str, *more: Any) -> HttpResponse:
        """The way to a page of this registration."""
        return redirect(self.url(name, *more))

    def to_group(self) -> HttpResponse:
        """The way to the group's page."""
        return redirect(f"{self.prefix}group", self.registration.group.ref)

    def facts(self, **more: Any) -> dict[str, Any]:
        """What the pages of this registration show."""
        names = ("group-roster", "group-papers", "group-evidence", "group-check", "group-apply", "group-drop")
        urls = {name.removeprefix("group-"): self.url(name) for name in names}
        group = reverse(f"{self.prefix}group", args=[self.registration.group.ref])
        one = self.registration
        return {
            "place": self, "base": self.base, "registration": one, "group": one.group, "kind": self.kind,
            "urls": {**urls, "group": group}, "section": "groups", **more,
        }  # fmt: skip


def roster(request: HttpRequest, place: Place) -> HttpResponse:
    """Write the roster: many names at once, and for whom what holds. Whatever button is pressed, nothing is lost."""
    adds = "add" in request.POST or request.POST.get("names", "").strip()
    form = NamesForm(request.POST if adds else None, kind=place.kind)
    if request.method == "POST":
        _mark(request, place)
        if not adds:
            return _onward(request, place)

    def act() -> HttpResponse:
        _add(request, place, form)
        return _onward(request, place)

    return carry_out(request, form, act, "groups/roster.html", _listed(request, place) | {"form": form})


def _listed(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What the page shows of the roster: one page of its people."""
    entries = _entries(place)
    page = Paginator(entries, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list), place.kind)
    return place.facts(people=page, count=len(entries), rows=rows)


def _entries(place: Place) -> list[RosterEntry]:
    """The roster; that staff look at it is recorded."""
    if place.by_staff:
        return view_roster(group_id=place.group_id, staff_id=place.actor.id, now=timezone.now())
    return roster_of(group_id=place.group_id, actor=place.actor)


def _add(request: HttpRequest, place: Place, form: NamesForm) -> None:
    lines = form.lines()
    count = write_roster(group_id=place.group_id, lines=lines, actor=place.actor)
    left = len(lines) - count
    said = ngettext("{count}人を名簿に加えました。", "{count}人を名簿に加えました。", count).format(
        count=count
    )
    if left:
        said += _("すでに名簿にある{count}人は、加えていません。").format(count=left)
    messages.success(request, said)


def _mark(request: HttpRequest, place: Place) -> None:
    """Keep the ticks of the people shown."""
    among, kind = _ids(request.POST.getlist("among")), place.kind
    if among and kind.asked:
        marks = {fact.key: _ids(request.POST.getlist(f"fact-{at}")) for at, fact in enumerate(kind.asked)}
        mark_roster(group_id=place.group_id, marks=marks, among=among, actor=place.actor)


def _onward(request: HttpRequest, place: Place) -> HttpResponse:
    """Where the pressed button leads: to a person, to the next step, or back to the roster."""
    person = _ids([request.POST.get("person", "")])
    if person:
        return place.to("group-person", person[0])
    if "on" in request.POST and place.being_written:
        return place.to("group-papers")
    if "save" in request.POST:
        messages.success(request, _("名簿のしるしを保存しました。"))
    return redirect(request.get_full_path())


def _rows(
    entries: Sequence[RosterEntry], kind: Kind
) -> list[tuple[RosterEntry, list[tuple[str, Any, bool]]]]:
    """The people with a tick box for each fact that is asked: name of the field, fact, ticked."""
    return [
        (one, [(f"fact-{place}", fact, fact.key in one.facts) for place, fact in enumerate(kind.asked)])
        for one in entries
    ]


def _ids(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def person(request: HttpRequest, place: Place, entry_id: int) -> HttpResponse:
    """Correct one person on the roster, or take them off it."""
    entry = RosterEntry.objects.filter(pk=entry_id, group_id=place.group_id).first()
    if entry is None:
        raise MemberNotFound
    if "remove" in request.POST:
        strike_from_roster(group_id=place.group_id, entry_ids=[entry.pk], actor=place.actor)
        messages.success(request, _("{name}さんを名簿から消しました。").format(name=entry.name))
        return place.to("group-roster")
    form = PersonOnRosterForm(request.POST or None, kind=place.kind, entry=entry)

    def act() -> HttpResponse:
        correct_roster(group_id=place.group_id, entry_id=entry.pk, line=form.line(), actor=place.actor)
        messages.success(request, _("名簿を直しました。"))
        return place.to("group-roster")

    return carry_out(request, form, act, "groups/person.html", place.facts(form=form, entry=entry))


def papers(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer what the rules ask about the group, add files, leave a word for the staff."""
    one, kind = place.registration, place.kind
    form = PapersForm(request.POST or None, kind=kind, initial=_said_before(one))
    now = timezone.now()

    def act() -> HttpResponse:
        remark = form.cleaned_data["remark"]
        save_answers(ref=one.ref, answers=form.answers(), remark=remark, actor=place.actor, now=now)
        return place.to("group-check")

    facts = place.facts(form=form, upload=EvidenceForm(), files=evidence_of(one.pk))
    return carry_out(request, form, act, "groups/papers.html", facts)


def evidence(request: HttpRequest, place: Place) -> HttpResponse:
    """Take a file in, or delete one; then back to the papers."""
    if "remove" in request.POST:
        return _remove(request, place)
    one, form = place.registration, EvidenceForm(request.POST, request.FILES)

    def act() -> HttpResponse:
        given, now = form.cleaned_data["file"], timezone.now()
        content = given.read()
        add_evidence(ref=one.ref, file_name=given.name, content=content, actor=place.actor, now=now)
        messages.success(request, _("書類を加えました。"))
        return place.to("group-papers")

    papers_form = PapersForm(kind=place.kind, initial=_said_before(one))
    facts = place.facts(form=papers_form, upload=form, files=evidence_of(one.pk))
    return carry_out(request, form, act, "groups/papers.html", facts)


def _remove(request: HttpRequest, place: Place) -> HttpResponse:
    ref = _uuid(request.POST["remove"])
    remove_evidence(ref=place.registration.ref, evidence_ref=ref, actor=place.actor)
    messages.success(request, _("書類を消しました。"))
    return place.to("group-papers")


def _said_before(one: GroupRegistration) -> dict[str, Any]:
    """What was answered, as start values of the fields."""
    said: dict[str, Any] = {"remark": one.remark}
    for key, answer in one.answers.items():
        said[f"q_{key}"] = ("yes" if answer else "no") if isinstance(answer, bool) else answer
    return said


def file(request: HttpRequest, place: Place, file_ref: UUID) -> HttpResponse:
    """Give a file out, always to be saved, never to be shown inside our pages."""
    found = open_evidence(
        ref=place.registration.ref, evidence_ref=file_ref, actor=place.actor, now=timezone.now()
    )
    answer = HttpResponse(bytes(found.content), content_type=found.content_type)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.file_name) or "attachment"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def check(request: HttpRequest, place: Place, problem: Refusal | None = None) -> HttpResponse:
    """Show what is handed in, and what the rules say of it."""
    one = place.registration
    kind, findings = look_over(one, timezone.now())
    facts = place.facts(
        findings=findings,
        files=evidence_of(one.pk),
        answers=_answered(kind, one),
        may_apply=findings.people and (findings.allowed or kind.rule.exceptions),
        problem=problem,
    )
    return render(request, "groups/check.html", facts, status=problem.status if problem else 200)


def _answered(kind: Kind, registration: GroupRegistration) -> list[tuple[Any, Any]]:
    said = answers_in(_said_before(registration), kind.questions)
    return [(one, said[one.key]) for one in kind.questions if one.key in said]


def hand_in(request: HttpRequest, place: Place) -> HttpResponse:
    """Hand the application in; what stands against it is shown on the page it came from."""
    try:
        apply_for_registration(ref=place.registration.ref, actor=place.actor, now=timezone.now())
    except NotInThisState:
        return place.to_group()
    except Refusal as refusal:
        log_refusal(refusal)
        return check(request, place, refusal)
    messages.success(request, _("団体登録を申し込みました。館で審査します。結果は、メールでお知らせします。"))
    return place.to_group()


def drop(request: HttpRequest, place: Place) -> HttpResponse:
    """Take an application back, or throw a draft away."""
    if place.being_written:
        drop_draft(ref=place.registration.ref, actor=place.actor, now=timezone.now())
        messages.success(request, _("書きかけの登録を消しました。"))
        return redirect(f"{place.prefix}groups")
    take_back(ref=place.registration.ref, actor=place.actor)
    messages.success(request, _("申込みをとりさげました。直して、もう一度申し込めます。"))
    return place.to("group-roster")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
