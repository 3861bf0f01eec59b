"""Keep the files that come with an answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from forms import attachments


def handed_in(request: HttpRequest) -> Any:
    """Return the answers of a request, its files kept first.

    A corrected form does not have to bring them again; a file that is refused is told.
    """
    answers = request.POST.copy()
    for name in request.FILES:
        for upload in request.FILES.getlist(name):
            try:
                kept = attachments.store(upload, by=request.user, at=timezone.now())
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
                continue
            answers.appendlist(name, str(kept.pk))
    return answers
