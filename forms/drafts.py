"""Keep what somebody has typed and not yet handed in, for them alone.

A draft is no case: saving one is no act and writes no event.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from forms.models import Draft

Answers = Mapping[str, list[str]]
_TITLE, _PAGE = 200, 40


def save(
    writer: Any, about: str, answers: Answers, *, at: datetime, title: str = "", page: str = ""
) -> Draft:
    """Keep answers beside those kept before; each question named replaces what it had."""
    told = {"saved_at": at, "title": title[:_TITLE], "page": page[:_PAGE]}
    with transaction.atomic():
        own = Draft.objects.select_for_update()
        draft, _made = own.get_or_create(writer=writer, about=about, defaults=told)
        draft.answers = {**draft.answers, **_storable(answers)}
        for name, value in told.items():
            setattr(draft, name, value)
        draft.save()
    return draft


def read(viewer: Any, about: str) -> Draft | None:
    """Return the viewer's own draft of a form, if there is one."""
    return Draft.objects.filter(writer=viewer.pk, about=about).first()


def of_writer(viewer: Any) -> list[Draft]:
    """Return what the viewer has begun to write, newest first."""
    return list(Draft.objects.filter(writer=viewer.pk))


def drop(viewer: Any, draft_id: int) -> Draft | None:
    """Forget one of the viewer's own drafts; return it as it was, or nothing."""
    draft = Draft.objects.filter(writer=viewer.pk, pk=draft_id).first()
    if draft:
        Draft.objects.filter(pk=draft.pk).delete()
    return draft


@contextmanager
def handing_in(writer: Any, about: str) -> Iterator[None]:
    """Run the verb that hands a form in; its draft goes in the same transaction or stays."""
    with transaction.atomic():
        yield
        Draft.objects.filter(writer=writer, about=about).delete()


def forget(*, before: datetime) -> int:
    """Forget the drafts that were last saved before; return how many there were."""
    gone, _by_table = Draft.objects.filter(saved_at__lt=before).delete()
    return gone


def as_data(draft: Draft | None) -> MultiValueDict[str, Any]:
    """Return the answers of a draft as a form takes them in."""
    data = QueryDict(mutable=True)
    for name, given in (draft.answers if draft else {}).items():
        if given:
            data.setlist(name, given)
    return data


def fill(form: forms.BaseForm, draft: Draft | None) -> None:
    """Write into a blank form what its draft holds."""
    data = as_data(draft)
    for name in (draft.answers if draft else {}).keys() & form.fields.keys():
        widget = form.fields[name].widget
        form.initial[name] = widget.value_from_datadict(data, MultiValueDict(), name)


def answers_to(names: Any, posted: MultiValueDict[str, Any]) -> dict[str, list[str]]:
    """Return what was posted to these questions; one left empty is an answer too."""
    return {name: [str(one) for one in posted.getlist(name)] for name in names}


def _storable(answers: Answers) -> dict[str, list[str]]:
    # PostgreSQL keeps no NUL in JSON.
    return {name: [one.replace("\0", "") for one in given] for name, given in answers.items()}
