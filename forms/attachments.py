"""Take in files that are what they say they are."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from pathlib import PurePath
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from forms.models import Attachment

KINDS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
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
    attachment.uploaded_at = at
    attachment.file.save(f"{digest}{KINDS[kind][0]}", ContentFile(content))
    return attachment


def unused_of(user: Any) -> QuerySet[Attachment]:
    """Return the files a person has handed in that are part of no case yet."""
    return Attachment.objects.filter(uploaded_by=user, about="")


def bind(ids: Collection[int], *, about: str) -> int:
    """Make files part of a case, unless they are part of one already; return how many it got."""
    return Attachment.objects.filter(pk__in=ids, about="").update(about=about)


def of_case(reference: str) -> QuerySet[Attachment]:
    """Return the files of a case; the caller has made sure that its viewer may see the case."""
    return Attachment.objects.filter(about=reference)


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
