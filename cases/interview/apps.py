from django.utils.translation import gettext_lazy as _

from workflows.case_type import CaseType


class InterviewType(CaseType):
    name = "cases.interview"
    verbose_name = _("Interview")
    prefix = "YT"
    legal_basis = "济阳信用办〔2020〕2号 (七)1; 国办发〔2019〕35号"
    # Until the notice is served the party is told nothing: it may come to nothing.
    private = frozenset({"received", "proposed", "approved"})
