"""What is asked where a result is made known: the decision, its revocation, the fulfilment."""

from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.questions import in_words


class Publication(StepForm):
    """Asked of the approving authority, which publishes its decision."""

    title = _("Publish the decision")
    why = _("the decision has to be published")

    publication_note = in_words(_("Where and when it was published"), longest=400, rows=2)


class Sharing(StepForm):
    """Asked of the credit office, which passes the result to the city's platform."""

    title = _("Share the fulfilment")
    why = _("the credit office has to pass the result to the city's credit platform")

    shared_note = in_words(
        _("Receipt of the city's platform"),
        longest=400,
        rows=2,
        help_text=_("Number and time of the batch."),
    )


class Republication(StepForm):
    """Asked of the approving authority, which publishes that its decision was revoked."""

    title = _("Publish the revocation")
    why = _("the revocation has to be published and the permit marked as revoked")

    revocation_note = in_words(
        _("Where and when, and that the permit now shows as revoked"), longest=400, rows=2
    )
