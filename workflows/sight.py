"""What a person may see of cases, their letters and files, and of records. Reads only."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.crypto import constant_time_compare

from accounts.models import Representation
from accounts.standing import Standing, standing
from forms import attachments
from forms.models import Attachment
from notifications.models import Letter
from records.models import Record, Subject
from workflows import audit, correspondence, tracking
from workflows.case_type import known_to_party, relations
from workflows.models import Case, Entry, Involvement, WorkItem


def visible_to(viewer: Any, *, on: date) -> QuerySet[Case]:
    """Return the cases a person may see: of their organisations or units; an auditor, all.

    A unit sees a case while it has a part in it, or because it did: it was asked beside a step
    or did one, or it transferred its part to another unit.
    """
    mine = standing(viewer, on=on)
    everything: QuerySet[Case] = Case.objects.select_related("party", "record__subject")
    if mine.is_auditor:
        return everything
    theirs = Q(party__credit_code__in=_codes(mine)) & known_to_party()
    return everything.filter(theirs | _had_a_part(mine))


def cases_of(viewer: Any, *, on: date) -> QuerySet[Case]:
    """Return the cases of the organisations a person represents, newest first."""
    codes = standing(viewer, on=on).codes
    mine: QuerySet[Case] = Case.objects.filter(known_to_party(), party__credit_code__in=codes)
    return mine.select_related("party", "record").order_by("-opened_at")


def case_for(viewer: Any, reference: str, *, on: date) -> Case | None:
    """Return one case if the person may see it."""
    found = visible_to(viewer, on=on).filter(reference=reference)
    return found.select_related(*relations()).first()


def case_by_query_code(reference: str, query_code: str) -> Case | None:
    """Return the case that a receipt's number and query code name, for anyone who holds both."""
    case = Case.objects.filter(reference=reference.strip().upper()).select_related("party").first()
    given = query_code.strip().upper()
    return case if case and constant_time_compare(case.query_code, given) else None


def is_party(viewer: Any, case: Case, *, on: date) -> bool:
    """Test that a person represents the party of a case."""
    return case.party.credit_code in standing(viewer, on=on).codes


def is_staff_of(viewer: Any, case: Case, *, on: date) -> bool:
    """Test that a person sees a case for another reason than that they represent its party."""
    mine = standing(viewer, on=on)
    return mine.is_auditor or Case.objects.filter(_had_a_part(mine), pk=case.pk).exists()


def records_of(viewer: Any, *, on: date, search: str = "") -> QuerySet[Record]:
    """Return the records of the organisations a person represents, newest first."""
    codes = standing(viewer, on=on).codes
    mine = Record.objects.filter(subject__credit_code__in=codes).select_related("subject")
    if search:
        mine = mine.filter(
            Q(document_number__icontains=search)
            | Q(authority_name__icontains=search)
            | Q(subject__name__icontains=search)
        )
    return mine.order_by("-decided_on", "-id")


def organisations_of(viewer: Any, *, on: date) -> list[Subject]:
    """Return the organisations a person represents, as far as anything is known about them."""
    codes = standing(viewer, on=on).codes
    return list(Subject.objects.filter(credit_code__in=codes).order_by("name"))


def log_for(viewer: Any, case: Case, *, on: date) -> list[Entry]:
    """Return the log of a case the staff may see; how it was rated is told only to who watches."""
    log = tracking.log_of(case)
    if _watches(viewer, case, on=on):
        return log
    return [entry for entry in log if entry.kind not in tracking.RATING]


def letters_of(case: Case, *, told_party: bool) -> QuerySet[Letter]:
    """Return the letters of a case the caller may see, each with its service if it needs one.

    What units write to one another is no letter to the party.
    """
    issued = Letter.objects.filter(about=case.reference).select_related("service")
    if told_party:
        issued = issued.exclude(name__in=correspondence.between_units())
    return issued.order_by("issued_at", "id")


def letter_for(viewer: Any, letter_id: int, *, on: date) -> Letter | None:
    """Return one letter if the person may see its case."""
    letter = Letter.objects.filter(pk=letter_id).first()
    case = case_for(viewer, letter.about, on=on) if letter else None
    if letter is None or case is None:
        return None
    between = letter.name in correspondence.between_units()
    return None if between and not is_staff_of(viewer, case, on=on) else letter


def attachments_of(case: Case, *, told_party: bool) -> QuerySet[Attachment]:
    """Return the files of a case the caller may see; the party, those handed in for it.

    What an office gathers for itself reaches the party by letter.
    """
    files = attachments.of_case(case.reference)
    return files.filter(_by_party(case) | _brought(case)) if told_party else files


def attachment_for(viewer: Any, attachment_id: int, *, on: date) -> Attachment | None:
    """Return one file if the person may see its case, or handed it in and has not used it yet."""
    file = Attachment.objects.filter(pk=attachment_id).first()
    if file is None:
        return None
    if not file.about:
        return file if file.uploaded_by_id == viewer.pk else None
    case = case_for(viewer, file.about, on=on)
    if case is None or is_staff_of(viewer, case, on=on):
        return file if case else None
    return attachments_of(case, told_party=True).filter(pk=file.pk).first()


def _watches(viewer: Any, case: Case, *, on: date) -> bool:
    mine = standing(viewer, on=on)
    if mine.is_auditor or mine.oversees_all:
        return True
    return Involvement.objects.filter(case=case, unit__in=mine.supervised).exists()


def _codes(mine: Standing) -> QuerySet[Any]:
    return mine.representations.values("credit_code")


def _had_a_part(mine: Standing) -> Any:
    involved = Involvement.objects.filter(case=OuterRef("pk"), unit__in=mine.units)
    return Exists(involved) | Exists(_worked_on(mine))


def _worked_on(mine: Standing) -> QuerySet[WorkItem]:
    transferred = Q(request__from__in=[unit.code for unit in mine.units])
    steps = WorkItem.objects.filter(case=OuterRef("pk")).exclude(state=WorkItem.State.CANCELLED)
    return steps.filter(Q(unit__in=mine.units) | transferred)


def _by_party(case: Case) -> Exists:
    acting = Representation.objects.filter(
        user=OuterRef("uploaded_by"), credit_code=case.party.credit_code
    )
    return Exists(acting)


def _brought(case: Case) -> Exists:
    """Return the test that a file was handed in for the party at the counter."""
    told = Entry.objects.filter(stream=case.reference, detail__came_in=audit.COUNTER)
    path, number = Value("$.files[*] ? (@ == $id)"), JSONObject(id=OuterRef("pk"))
    holds = Func(
        F("detail"), path, number, function="jsonb_path_exists", output_field=BooleanField()
    )
    return Exists(told.filter(holds))
