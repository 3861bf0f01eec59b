"""Asking the party once for everything that is missing, and its answer (行政许可法 §32)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.guide import Given
from forms.materials import MaterialList, listed
from forms.models import Attachment
from forms.questions import in_words

_LONGEST_ITEM = Attachment._meta.get_field("item").max_length


class NoticeOnce(StepForm):
    """An examination that may ask the party, once, for everything that is missing.

    ``asks`` is the question and the answer by which it asks. A second notice needs its reason:
    only what could not be asked for the first time may be asked for now.
    """

    asks: tuple[str, str]

    missing = in_words(
        _("Everything that is missing"),
        help_text=_("The notice is sent once; list every item and its form, one a line."),
        required=False,
    )

    def conditions(self) -> dict[str, Given]:
        """Ask what is missing only where the party is to be asked for it."""
        name, value = self.asks
        return {**super().conditions(), "missing": Given(name, {value})}

    def clean(self) -> dict[str, Any]:
        """Hold the examiner to one complete notice."""
        answers: dict[str, Any] = super().clean() or {}
        answers["supplement_asked"] = self.case.supplement_asked
        name, value = self.asks
        if answers.get(name) == value:
            self._check_notice(name, answers)
            answers["supplement_asked"] = True
        return answers

    def _check_notice(self, name: str, answers: dict[str, Any]) -> None:
        if self.case.supplement_asked:
            self.add_error(
                name, _("The party has been asked once already; decide on what is there.")
            )
        if not answers.get("missing"):
            self.add_error("missing", _("Say what is missing."))


class Supplement(StepForm):
    """Asked of the party from which the office needs more.

    Where the notice lists several things it is answered item by item; what is said of each
    becomes one note, and each file knows its item.
    """

    title = _("Hand in the supplement")
    why = _("the party has to hand in what the notice lists")

    supplement_note = in_words(_("What have you added or corrected?"))
    proof = AttachmentsField(label=_("Files"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [line.strip() for line in getattr(self.case, "missing", "").splitlines()]
        self.asked = dict(enumerate(filter(None, said), start=1))
        if len(self.asked) > 1:
            self._ask_item_by_item()

    def clean(self) -> dict[str, Any]:
        """Make one note of what was said of each item; nothing on the notice is passed over."""
        answers: dict[str, Any] = super().clean() or {}
        notes = {n: answers.pop(f"item_{n}", "") for n in self.asked if f"item_{n}" in self.fields}
        if not notes:
            return answers
        note, there = answers.get("supplement_note", ""), self._items_of(answers)
        if not note:
            self._check_every(notes, there)
        told = [f"{n}. {self.asked[n]}: {notes[n]}" for n in notes if notes[n]]
        return {**answers, "supplement_note": "\n".join([*told, *([note] if note else [])])}

    def _ask_item_by_item(self) -> None:
        things = listed(self.asked.values(), required=False)
        self.fields["proof"] = proof = MaterialList(things, label=_("Files"), required=False)
        proof.limit_to(self.by)
        proof.help_text = _("For every item a file here, or a word below.")
        for n, item in self.asked.items():
            label = _("%(n)s. %(item)s: what have you added or corrected?")
            self.fields[f"item_{n}"] = in_words(
                label % {"n": n, "item": item},
                longest=1000,
                rows=2,
                help_text=_("If you cannot hand it in, say why."),
                required=False,
            )
        self.fields["supplement_note"].required = False
        self.fields["supplement_note"].label = _("Anything else")
        self.order_fields(["proof", *(f"item_{n}" for n in self.asked), "supplement_note"])

    def _items_of(self, answers: dict[str, Any]) -> set[str]:
        return {file.item for file in answers.get("proof") or []}

    def _check_every(self, notes: dict[int, str], there: set[str]) -> None:
        for n, note in notes.items():
            if not note and self.asked[n][:_LONGEST_ITEM] not in there:
                told = _("Hand in a file for this, or say something about it.")
                self.add_error(f"item_{n}", told)
