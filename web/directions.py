"""The forms by which supervisors direct: to whom a step goes, and what a unit is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forms.questions import lines
from workflows.models import Urging
from workflows.oversight import Candidate


class Handing(forms.Form):
    """To whom a step goes, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Who takes it?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason, as both people will read it"),
        max_length=2000,
        widget=lines(3),
    )

    def __init__(self, *args: Any, able: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        to: Any = self.fields["to"]
        to.choices = [(str(one.person.pk), str(one.person)) for one in able]
        to.explanations = {str(one.person.pk): laden(one) for one in able}


class HandingTogether(Handing):
    """To whom several steps go; who may not take one is told with it."""

    to = forms.ChoiceField(label=gettext_lazy("Who takes them?"))

    def __init__(self, *args: Any, teams: dict[Any, list[Candidate]], **kwargs: Any) -> None:
        super().__init__(*args, able=[], **kwargs)
        named = [(str(unit), _named(team)) for unit, team in teams.items()]
        vars(self.fields["to"])["explanations"] = {}
        to: Any = self.fields["to"]
        to.choices = [("", _("Choose a person")), *named]


class Question(forms.Form):
    """What is asked of the unit."""

    question = forms.CharField(
        label=gettext_lazy("What you want done or explained, as the unit will read it"),
        max_length=2000,
        widget=lines(3),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class Demand(Question):
    """What is asked of the unit, and whether it is to act or to explain itself."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you ask of the unit?"),
        choices=Urging.Kind.choices,
        widget=forms.RadioSelect,
    )
    field_order = ["kind", "question"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vars(self.fields["kind"])["explanations"] = {
            Urging.Kind.URGE: _("The unit replies with what it will do and by when."),
            Urging.Kind.EXPLAIN: _("The unit replies with its reasons."),
        }


def laden(one: Candidate) -> str:
    """Return how many steps a person has, and in whose place they would act."""
    said = ngettext("%(n)s open step", "%(n)s open steps", one.load) % {"n": one.load}
    if one.in_place_of:
        place = _("in place of %(who)s") % {"who": one.in_place_of}
        said = f"{said} · {place}"
    return said


def _named(team: list[Candidate]) -> list[tuple[str, str]]:
    return [(str(one.person.pk), f"{one.person} · {laden(one)}") for one in team]
