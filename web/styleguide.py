"""Every component in every state, by day and by night, for those who build and run the house."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web.samples import Group, Sample, citizens, ground, staff

Tokens = Mapping[str, str]
LIGHT, DARK = "light", "dark"
_BLOCK = re.compile(r"^( *):root \{\n(.*?)^\1\}", re.MULTILINE | re.DOTALL)
_DECLARED = re.compile(r"--([\w-]+):\s*([^;]+);")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_NAMES = re.compile(r'\b(id|for|aria-labelledby|aria-describedby|form)="([^"]+)"')
_PLACES = re.compile(r'(href="#|url\(#)([\w-]+)')
_REGION = re.compile(r'(<(?:nav|section|aside|div|form)\b[^>]*?) aria-label(?:ledby)?="[^"]*"')
_DEEP = 4.5
# What is written on what: each pair has to stand out as the law of contrast demands.
PAIRS = [
    *[(ink, ground) for ink in ("ink", "muted", "link") for ground in ("paper", "surface")],
    *[(light, f"{light}-soft") for light in ("green", "amber", "red", "grey")],
    *[("on-brand", "brand"), ("on-brand-muted", "brand"), ("on-seal", "seal")],
    ("link", "brand-soft"),
]


@dataclass(frozen=True)
class Pair:
    """A colour on another, and how far they stand apart."""

    ink: str
    ground: str
    ratio: float

    @property
    def is_enough(self) -> bool:
        """Whether text of any size may be written so (WCAG 2.2, 1.4.3)."""
        return self.ratio >= _DEEP


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    _open_to(request)
    groups = [*ground.groups(), *citizens.groups(), *staff.groups()]
    light = tokens()[LIGHT]
    context = {
        "groups": [_shown(request, number, group) for number, group in enumerate(groups)],
        "colours": [name for name in tokens()[DARK] if _COLOUR.fullmatch(light[name])],
        "sizes": [name for name in light if light[name].endswith("rem") and name != "page"],
        "schemes": [(LIGHT, _("Daylight"), pairs(LIGHT)), (DARK, _("Dark"), pairs(DARK))],
    }
    return render(request, "styleguide.html", context)


@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    """Return the tokens of day and night once more, as two classes: the sheet declares them."""
    _open_to(request)
    found = tokens()
    sheet = [_scheme(name, {n: found[name][n] for n in found[DARK]}) for name in found]
    sheet += [f".swatch-{name} {{ background: var(--{name}); }}" for name in found[DARK]]
    sheet += [f".ink-{name} {{ color: var(--{name}); }}" for name in found[LIGHT]]
    sheet += [f".size-{name} {{ inline-size: var(--{name}); }}" for name in found[LIGHT]]
    return HttpResponse("\n".join(sheet), content_type="text/css; charset=utf-8")


@cache
def tokens() -> dict[str, Tokens]:
    """Return the tokens of the sheet by day, and those that are others by night."""
    sheet = Path(str(finders.find("xinban.css"))).read_text(encoding="utf-8")
    day: dict[str, str] = {}
    night: dict[str, str] = {}
    for part in re.split(r"^(?=@media)", sheet, flags=re.MULTILINE):
        for indent, body in _BLOCK.findall(part):
            if not indent:
                day.update(_DECLARED.findall(body))
            elif part.startswith("@media (prefers-color-scheme: dark)"):
                night.update(_DECLARED.findall(body))
    return {LIGHT: day, DARK: night}


def pairs(scheme: str) -> list[Pair]:
    """Return how far what is written stands apart from what it is written on."""
    told = {**tokens()[LIGHT], **tokens()[scheme]}
    return [Pair(ink, ground, _ratio(told[ink], told[ground])) for ink, ground in PAIRS]


def _ratio(one: str, other: str) -> float:
    low, high = sorted((_brightness(one), _brightness(other)))
    return round((high + 0.05) / (low + 0.05), 1)


def _brightness(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _scheme(name: str, declared: Tokens) -> str:
    body = "".join(f"  --{token}: {value};\n" for token, value in declared.items())
    return f".scheme-{name} {{\n  color-scheme: {name};\n{body}}}"


def _open_to(request: HttpRequest) -> None:
    if not (settings.DEMO or getattr(request.user, "is_staff", False)):
        raise Http404


def _shown(request: HttpRequest, number: int, group: Group) -> dict[str, Any]:
    title, samples = group
    shown = [_sample(request, f"{number}-{n}", sample) for n, sample in enumerate(samples)]
    return {"title": title, "samples": shown, "name": f"group-{number}"}


def _sample(request: HttpRequest, number: str, sample: Sample) -> dict[str, Any]:
    html: str = render_to_string(sample.template, dict(sample.told), request)
    if sample.opened:
        html = html.replace("<dialog ", "<dialog open ")
    looks = {scheme: _apart(html, f"{sample.title} {number}", scheme) for scheme in (LIGHT, DARK)}
    name = sample.template.rpartition("/")[2]
    return {"title": sample.title, "name": name, "wide": sample.wide, "face": sample.face} | looks


def _apart(html: str, title: str, scheme: str) -> SafeString:
    """Give the names in a sample to it alone: the page shows many samples of one component."""
    own = f"-{scheme[0]}{title.rpartition(' ')[2]}"
    html = _NAMES.sub(lambda told: f'{told[1]}="{" ".join(_own(told[2], own))}"', html)
    html = _PLACES.sub(lambda told: f"{told[1]}{told[2]}{own}", html)
    html = _REGION.sub(lambda told: f'{told[1]} aria-label="{escape(title)}"', html)
    # The page has a first heading of its own.
    return mark_safe(html.replace("<h1", '<h1 aria-level="2"'))


def _own(names: str, own: str) -> Iterator[str]:
    return (f"{name}{own}" for name in names.split())
