"""Take in files that are what they say they are."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePath
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from forms import scanning
from forms.models import Attachment, Draft

KINDS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
_LONGEST_KEY = 19
_UNREADABLE = (
    PyPdfError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    RecursionError,
)


def store(upload: Any, *, by: Any, at: datetime) -> Attachment:
    """Keep a file somebody hands in, not yet part of any case.

    :raises ValidationError: if it is empty, too big or not what its name says
    """
    _check_size(upload)
    content = upload.read()
    name = PurePath(upload.name.replace("\\", "/")).name[-200:]
    kind = _kind_of(name, content)
    _check_opens(kind, content)
    digest = hashlib.sha256(content).hexdigest()
    attachment = Attachment(
        name=name, content_type=kind, size=len(content), sha256=digest, uploaded_by=by
    )
    attachment.uploaded_at, attachment.scan = at, scanning.first_state()
    attachment.file.save(f"{digest}{KINDS[kind][0]}", ContentFile(content))
    return attachment


def unused_of(user: Any) -> QuerySet[Attachment]:
    """Return the files a person has handed in that are part of no case yet."""
    return Attachment.objects.filter(uploaded_by=user, about="")


def bind(ids: Collection[int], *, about: str, items: Mapping[int, str] | None = None) -> int:
    """Make files part of a case, unless they are part of one already; return how many it got.

    ``items`` says of each file what it is for.
    """
    told = [When(pk=pk, then=Value(item)) for pk, item in (items or {}).items()]
    unused = Attachment.objects.filter(pk__in=ids, about="")
    return unused.update(about=about, item=Case(*told, default=F("item")))


def of_case(reference: str) -> QuerySet[Attachment]:
    """Return the files of a case; the caller has made sure that its viewer may see the case."""
    return Attachment.objects.filter(about=reference).select_related("uploaded_by")


def key_in(named: Any) -> int | None:
    """Return the number in what names a file: alone, or behind its item as in ``receipt:7``."""
    said = str(named).rpartition(":")[2]
    is_key = said.isascii() and said.isdigit() and len(said) < _LONGEST_KEY
    return int(said) if is_key else None


def drop_unused(*, at: datetime) -> int:
    """Drop the files that were handed in long ago and never used, and return how many.

    A file that somebody's draft names is kept as long as the draft.
    """
    before = at - timedelta(days=settings.UNUSED_FILE_KEEP_DAYS)
    old = Attachment.objects.filter(about="", uploaded_at__lt=before)
    return sum(_drop(file) for file in old.exclude(pk__in=set(_in_drafts())))


def _in_drafts() -> Iterator[int]:
    for answers in Draft.objects.values_list("answers", flat=True).iterator():
        yield from filter(None, map(key_in, _said_in(answers)))


def _said_in(answers: Any) -> Iterator[Any]:
    if isinstance(answers, dict):
        answers = list(answers.values())
    if not isinstance(answers, list):
        yield answers
        return
    for answer in answers:
        yield from _said_in(answer)


@transaction.atomic
def _drop(file: Attachment) -> int:
    gone, _kinds = Attachment.objects.filter(pk=file.pk, about="").delete()
    if gone:
        transaction.on_commit(lambda: file.file.delete(save=False))
    return gone


def _check_size(upload: Any) -> None:
    if not upload.size:
        raise ValidationError(_("“%(name)s” is empty."), params={"name": upload.name})
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s. Scan it at a lower resolution or split it."),
            params={
                "name": upload.name,
                "limit": filesizeformat(settings.ATTACHMENT_MAX_BYTES),
            },
        )


def _kind_of(name: str, content: bytes) -> str:
    found = filetype.guess(content)
    kind = found.mime if found else ""
    if kind not in KINDS or not name.lower().endswith(KINDS[kind]):
        raise ValidationError(
            _("“%(name)s” is not a PDF, JPG or PNG file. Save it as one of these and try again."),
            params={"name": name},
        )
    return str(kind)


def _check_opens(kind: str, content: bytes) -> None:
    try:
        _open_pdf(content) if kind == "application/pdf" else _open_image(content)
    except _UNREADABLE as problem:
        raise ValidationError(
            _("The file is damaged or locked and cannot be opened. Hand in one that opens.")
        ) from problem


def _open_pdf(content: bytes) -> None:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted or not reader.pages:
        raise ValueError("locked or empty")


def _open_image(content: bytes) -> None:
    with Image.open(BytesIO(content)) as image:
        if image.width * image.height > (Image.MAX_IMAGE_PIXELS or 0):
            raise ValueError("too many pixels")
        image.verify()
