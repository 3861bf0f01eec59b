from django.utils.translation import gettext_lazy as _

from workflows.case_type import CaseType


class RepairType(CaseType):
    name = "cases.repair"
    verbose_name = _("Credit repair")
    prefix = "XF"
    legal_basis = "国家发展改革委令第36号; 国办发〔2025〕22号"
    purpose = _("A penalty or an entry is behind you and put right: have its publication ended.")
    to_have_ready = (
        _("Proof that the penalty is fulfilled, such as the payment receipt (PDF, JPG or PNG)"),
        _("The day of fulfilment, and a description of how the breach was put right"),
        _("The name of the legal representative, who signs the commitment"),
        _("Name and telephone of the person we can reach"),
    )
    promises = (
        ("repair.precheck", _("Checking the form")),
        ("repair.ndrc.accept", _("Deciding on acceptance")),
        ("repair.ndrc.decide", _("Deciding on the repair")),
        ("repair.ndrc.feedback", _("The result, counted from your application")),
    )
