"""What is asked until the party is told: application, general procedure, main material."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.commitment.forms.asking import need
from cases.commitment.register import ItemVersion, PromisedTerm, Variant, version_of
from forms.base import StepForm
from forms.guide import QuestionGroup, Unlike
from forms.materials import Material, MaterialList, listed
from forms.questions import contact_name, contact_phone, electronic_service, in_words, whom_to_ask
from forms.supplements import NoticeOnce
from forms.supplements import Supplement as SupplementForm


class Application(StepForm):
    """Asked of the party, about one item of the published list."""

    title = _("Apply by notice and commitment")
    personal = ("legal_representative", "agent_name", "agent_phone", "agent_authority")
    carried = (
        *("address", "legal_representative", "agent_name", "agent_phone"),
        *("agent_authority", "served_electronically"),
    )
    pages = (
        QuestionGroup(
            "organisation",
            _("The organisation"),
            ("address", "legal_representative"),
            _("As in the business licence."),
        ),
        whom_to_ask("agent_name", "agent_phone", "served_electronically"),
        QuestionGroup(
            "authority",
            _("The agent's authority"),
            ("agent_authority",),
            _("Somebody else than the legal representative applies."),
            when=Unlike("agent_name", "legal_representative"),
        ),
        QuestionGroup("materials", _("The main material"), ("materials",)),
        QuestionGroup(
            "gap",
            _("What will follow later"),
            ("missing_materials", "gap_term"),
            _("The item allows some material to follow; a promise stands in for it until then."),
        ),
    )

    address = forms.CharField(label=_("Address of the organisation"), max_length=200)
    legal_representative = forms.CharField(label=_("Legal representative"), max_length=60)
    agent_name = contact_name()
    agent_phone = contact_phone()
    agent_authority = forms.CharField(
        label=_("Number of the agent's written authority"),
        help_text=_("Needed where somebody else than the legal representative applies."),
        max_length=80,
        required=False,
    )
    materials = MaterialList((), label=_("Main material"))
    missing_materials = forms.MultipleChoiceField(
        label=_("Which material is still missing?"),
        help_text=_("Only what the list of the item allows to follow later."),
        widget=forms.CheckboxSelectMultiple,
    )
    gap_term = forms.ChoiceField(
        label=_("Within which time will you hand it in?"),
        help_text=_("No longer than the item's own promised time; it counts from the notice."),
        choices=PromisedTerm.choices,
        widget=forms.RadioSelect,
    )
    served_electronically = electronic_service()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version_of(self.case.item, self.on)
        self.fields["materials"].ask_for(_asked_for(self.version))  # type: ignore[attr-defined]
        if self.version is None or self.version.variant != Variant.GAP:
            del self.fields["missing_materials"], self.fields["gap_term"]
        else:
            self._let_follow(self.version)

    def clean(self) -> dict[str, Any]:
        """Ask for the agent's authority where somebody else applies."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("agent_name") != answers.get("legal_representative"):
            need(self, answers, ("agent_authority",), _("Give the number of the authority."))
        return answers

    def _let_follow(self, version: ItemVersion) -> None:
        may_follow = [(name, name) for name in version.may_be_missing]
        self._choice("missing_materials").choices = may_follow
        last = PromisedTerm.values.index(version.promised_term)
        self._choice("gap_term").choices = PromisedTerm.choices[: last + 1]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def _asked_for(version: ItemVersion | None) -> list[Material]:
    if version is None:
        return []
    main = listed(version.main_materials, required=True)
    follows = _("May follow later; then say so where you are asked what is missing.")
    later = [
        Material(f"later{n}", name, follows) for n, name in enumerate(version.may_be_missing, 1)
    ]
    return [*main, *(later if version.variant == Variant.GAP else [])]


class Switch(StepForm):
    """Asked of the counter where no commitment is possible."""

    title = _("Pass to the general procedure")
    why = _("the counter has to tell why no commitment is possible and how to apply instead")

    switch_note = in_words(
        _("How the party applies in the general procedure"),
        help_text=_("Where, with what, and how long it takes; the party reads this."),
    )


_ON_EXAMINATION = {
    "inform": _("The party gets the notice and may commit or decline."),
    "supplement": _("The party gets one notice of everything that is missing."),
}


class Examination(NoticeOnce):
    """Asked of the acceptance officer before the party is told what it may promise."""

    title = _("Look at the main material and inform")
    why = _("the approving authority has to look at the main material and inform the party")
    asks = ("examination", "supplement")
    field_order = ("examination", "missing")

    examination = forms.ChoiceField(
        label=_("Is the main material complete?"),
        choices=[
            ("inform", _("Complete: inform the party")),
            ("supplement", _("Ask once for everything that is missing")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("examination", _ON_EXAMINATION)


class Supplement(SupplementForm):
    """Asked of the party whose main material is incomplete."""
