"""What everything is made of: words, buttons, lights, surfaces, fields, and what is said."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from forms.fields import AttachmentsField
from forms.materials import Material, MaterialList
from web.samples import PARTS, Group, Sample


@dataclass(frozen=True)
class Said:
    """A message of the service, as the framework tells it."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


def groups() -> list[Group]:
    """Return the groups that belong to no face."""
    return [
        (_("Words, buttons, surfaces"), _plain()),
        (_("Lights"), _lights()),
        (_("What the service says"), _said()),
        (_("Fields"), _fields()),
        (_("Ways about"), _ways()),
    ]


def _plain() -> list[Sample]:
    names = [
        ("words", _("Headings and text")),
        ("buttons", _("Buttons")),
        ("surfaces", _("Badges and cards")),
    ]
    return [Sample(title, f"styleguide/{name}.html") for name, title in names]


def _lights() -> list[Sample]:
    lights = ["green", "amber", "red", "grey"]
    return [Sample(light, f"{PARTS}light.html", {"light": light}) for light in lights]


def _said() -> list[Sample]:
    kinds = ["", "success", "warning", "error"]
    text = _("This is what it would say.")
    told = [Said(kind, text) for kind in ("info", "success", "warning", "error")]
    notices = [Sample(k, f"{PARTS}notice.html", {"kind": k, "text": text}) for k in kinds if k]
    said_no = {
        "status": 409,
        "title": _("Somebody was faster"),
        "reason": _("This step was claimed a moment ago."),
        "advice": _("Look at the case as it is now."),
        "next": [{"url": "#", "label": _("To the case")}],
    }
    return [
        Sample(_("plain"), f"{PARTS}notice.html", {"text": text}),
        *notices,
        Sample(_("After an act"), f"{PARTS}messages.html", {"messages": told}),
        Sample(_("A refusal"), f"{PARTS}said_no.html", said_no),
    ]


def _fields() -> list[Sample]:
    empty, wrong = SampleForm(label_suffix=""), SampleForm({}, label_suffix="")
    return [
        Sample(_("To be filled in"), "styleguide/form.html", {"form": empty}),
        Sample(_("With faults"), "styleguide/form.html", {"form": wrong}),
    ]


def _ways() -> list[Sample]:
    filters = [
        {"url": "#", "label": _("All"), "count": 12, "current": True},
        {"url": "#", "label": _("Overdue"), "count": 0},
    ]
    both = {"next_url": "#", "prev_url": "#"}
    return [
        Sample(_("Back"), f"{PARTS}back.html", {"url": "#", "label": _("Back to the list")}),
        Sample(_("Filters"), f"{PARTS}filters.html", {"filters": filters}),
        Sample(_("In the middle"), f"{PARTS}pages.html", {"list": both}),
        Sample(_("First page"), f"{PARTS}pages.html", {"list": {"next_url": "#"}}),
    ]


class SampleForm(forms.Form):
    """One field of each kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("grant", _("Grant")), ("refuse", _("Refuse"))]
        materials = [Material("receipt", _("Proof of payment"), _("Shows the sum."), required=True)]
        self.fields |= {
            "line": forms.CharField(
                label=_("A line of text"), help_text=_("A hint says what to write.")
            ),
            "text": forms.CharField(label=_("Some lines"), widget=forms.Textarea({"rows": 3})),
            "day": forms.DateField(label=_("A day"), widget=forms.DateInput({"type": "date"})),
            "one_of": forms.ChoiceField(label=_("One of a list"), choices=choices),
            "radio": forms.ChoiceField(
                label=_("One of a few"), choices=choices, widget=forms.RadioSelect
            ),
            "several": forms.MultipleChoiceField(
                label=_("Several"), choices=choices, widget=forms.CheckboxSelectMultiple
            ),
            "tick": forms.BooleanField(label=_("I have read it")),
            "optional": forms.CharField(label=_("Not needed"), required=False),
            "disabled": forms.CharField(label=_("Cannot be changed"), disabled=True, initial="0"),
            "files": AttachmentsField(label=_("Files")),
            "materials": MaterialList(materials, label=_("Materials")),
        }
