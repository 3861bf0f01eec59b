from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from workflows.case_type import CaseType

# From the mark to the last copy put right; a mark kept for a lawsuit holds nothing up.
_IN_DOUBT = frozenset(
    {
        "accepted",
        "marked",
        "inquired",
        "verifying",
        "overdue",
        "answered",
        "hearing",
        "correcting",
        "spreading",
    }
)


class ObjectionType(CaseType):
    name = "cases.objection"
    verbose_name = _("Objection to a record")
    prefix = "YY"
    legal_basis = "济阳信用办〔2020〕2号 (十七)2; 国办发〔2025〕22号; 山东省社会信用条例第五章"
    purpose = _(
        "Something published about you is wrong, missing or shown too long: have it put right."
    )
    to_have_ready = (
        _("What is wrong in the record, and what would be right"),
        _("Where you saw it: the address of the page or the number of the report"),
        _("Evidence, such as the decision as served on you (PDF, JPG or PNG)"),
        _("If an agent applies: the organisation's authority, valid today"),
    )
    promises = (
        ("objection.accept", _("Deciding on acceptance")),
        ("objection.selfcheck", _("Comparing with the source message")),
        ("objection.provider", _("Verification by the data provider")),
        ("objection.result", _("Telling the result, counted from the provider's reply")),
    )
    suspends: ClassVar = {"repair": _IN_DOUBT, "interview": _IN_DOUBT}
