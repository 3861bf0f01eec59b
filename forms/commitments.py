"""Texts that people sign: rendered once, known by the hash of what was shown."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template
from django.utils.translation import override


def text_to_sign(path: Path, **about: Any) -> tuple[str, str]:
    """Return a commitment as it is shown, and the SHA-256 that signs it.

    One text for everybody who signs, whatever language their pages are in.
    """
    with override("zh-hans"):
        text = _template(path).render(Context(about, autoescape=False))
    return text, hashlib.sha256(text.encode()).hexdigest()


@cache
def _template(path: Path) -> Template:
    return Engine().from_string(path.read_text(encoding="utf-8"))
