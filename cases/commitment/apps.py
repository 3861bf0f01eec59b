from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.case_type import CaseType


class CommitmentType(CaseType):
    name = "cases.commitment"
    verbose_name = _("Notice and commitment")
    prefix = "CN"
    legal_basis = "国办发〔2020〕42号; 济阳信用办〔2020〕2号 一(一)1"
    purpose = _(
        "Commit to the conditions instead of bringing the paper, and get the decision at once."
    )
    to_have_ready = (
        _("The main material that the list of the item names (PDF, JPG or PNG)"),
        _("Address of the organisation and name of its legal representative"),
        _("If an agent applies: the number of their written authority"),
        _("Name and telephone of the person we can reach"),
    )
    promises = (
        ("commitment.inform", _("Telling you what the commitment means")),
        ("commitment.instant_decision", _("Decision after you have committed")),
        ("commitment.decide", _("Decision where material may follow later")),
    )

    read_along = ("version__item", "version__supervising")

    def particulars(self, case: Any) -> list[tuple[Any, Any]]:
        """Return the item the commitment is about, and the text that was signed."""
        from cases.commitment.opening import particulars

        return particulars(case)

    def load_register(self) -> int:
        """Put the demo list of items into the tables, after the units, and count the new ones."""
        from cases.commitment.register import load_items

        return load_items(self.folder / "items.csv")
