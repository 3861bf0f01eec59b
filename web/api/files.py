"""Files: handed in first, then named by their id in the answers of a form."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from forms import attachments, scanning
from web import presenters
from web.api.asking import now, today, viewer
from web.api.shapes import Attachment
from workflows import sight

router = Router(tags=["files"])


@router.post("files", response={201: Attachment})
def hand_in_file(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Hand in a PDF, JPG or PNG that is part of no case yet."""
    kept = attachments.store(file, by=viewer(request), at=now())
    return Status(201, presenters.attachment(kept))


@router.get("files/{int:file_id}", response={200: None})
def fetch_file(request: HttpRequest, file_id: int) -> Any:
    """The content of a file of a case I may see, or of one I have handed in."""
    file = sight.attachment_for(viewer(request), file_id, on=today())
    if file is None:
        raise Http404
    content = scanning.content_of(file, by=viewer(request))
    return FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.content_type
    )
