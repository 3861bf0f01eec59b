"""The operators' desk: accessible, quiet, and never wider than its screen."""

import pytest
from django.contrib.admin.sites import site
from django.urls import NoReverseMatch, reverse

from cases.commitment import register
from cases.commitment.register import ItemVersion
from tests.browser.test_pages import faults
from tests.cases.commitment_walks import the_units
from tests.web import operators
from tests.workflows.walks import open_a_repair
from workflows.case_type import case_type

pytestmark = pytest.mark.browser
operator = operators.operator


@pytest.fixture
def version(office, bureau):
    """A published version of an item."""
    the_units()
    register.load_items(case_type("commitment").folder / "items.csv")
    return ItemVersion.objects.order_by("pk").first()


def pages():
    """Yield the address of every page of the desk that shows something."""
    yield reverse("admin:index")
    yield from (reverse("admin:letter-texts"), "/admin/texts/repair/refused/")
    for model, table in site._registry.items():
        named = f"admin:{model._meta.label_lower.replace('.', '_')}"
        yield reverse(f"{named}_changelist")
        if hasattr(table, "fixed"):
            yield reverse(f"{named}_add")
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            yield from _of_a_row(named, row)


def _of_a_row(named, row):
    yield reverse(f"{named}_change", args=[row.pk])
    try:
        yield reverse(f"{named}_renew", args=[row.pk]).replace("renew", "history")
    except NoReverseMatch:
        return


class TestTheDesk:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_is_accessible_quiet_and_fits_its_screen(
        self, visit, operator, applicant, penalty, staff, version, language
    ):
        open_a_repair(applicant, penalty)
        visitor = visit(operator, language=language)
        found = [fault for path in pages() for fault in faults(visitor, path, 200)]

        assert "\n".join(found) == ""
