"""Forms as JSON: what a step asks, described like a JSON Schema; answers as a browser sends them.

Nothing is validated here: the form that serves the pages judges the answers.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from forms.fields import AttachmentsField, SignedTextField

Answer = str | bool | int | list[str | int] | None
_BOOLEANS = {True: "True", False: "False"}


def as_sent(answers: Mapping[str, Answer]) -> MultiValueDict[str, str]:
    """Return JSON answers as a browser would have sent them; the one place where they change."""
    listed = {name: _texts(answer) for name, answer in answers.items()}
    return MultiValueDict({name: texts for name, texts in listed.items() if texts})


def described(fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    """Return what a form asks, as a JSON Schema of its answers."""
    return {
        "type": "object",
        "properties": {name: _described(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
    }


def to_sign(form: Any) -> dict[str, str] | None:
    """Return the text a form asks to be signed, the answer it goes into and its hash."""
    for name, field in form.fields.items():
        if isinstance(field, SignedTextField):
            return {"answer": name, "text": form.text, "sha256": field.shown}
    return None


def _texts(answer: Answer) -> list[str]:
    if answer is None:
        return []
    given = answer if isinstance(answer, list) else [answer]
    return [_BOOLEANS[one] if isinstance(one, bool) else str(one) for one in given]


def _described(field: forms.Field) -> dict[str, Any]:
    said = {"title": str(field.label or ""), "description": str(field.help_text)}
    return {**{key: text for key, text in said.items() if text}, **_kind(field)}


def _kind(field: forms.Field) -> dict[str, Any]:
    for kind, describe in _KINDS:
        if isinstance(field, kind):
            told: dict[str, Any] = describe(field)
            return told
    return {"type": "string"}


def _choices(field: Any) -> dict[str, Any]:
    told = [(value, str(label)) for value, label in field.choices if value != ""]
    if {value for value, _label in told} == set(_BOOLEANS.values()):
        return {"type": "boolean"}
    return {"type": "string", "oneOf": [{"const": v, "title": label} for v, label in told]}


def _text(field: Any) -> dict[str, Any]:
    pattern = getattr(getattr(field, "regex", None), "pattern", None)
    limits = {"maxLength": field.max_length, "pattern": pattern}
    return {"type": "string", **{key: value for key, value in limits.items() if value}}


_KINDS: tuple[tuple[type[forms.Field], Any], ...] = (
    (AttachmentsField, lambda _: {"type": "array", "items": {"type": "integer"}}),
    (SignedTextField, lambda field: {"type": "string", "const": field.shown}),
    (forms.BooleanField, lambda _: {"type": "boolean"}),
    (forms.ChoiceField, _choices),
    (forms.DateField, lambda _: {"type": "string", "format": "date"}),
    (forms.CharField, _text),
)
