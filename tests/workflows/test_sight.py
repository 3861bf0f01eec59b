"""Sight: which records and which files of a case a person may see."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forms import attachments
from tests.actors import a_pdf
from tests.workflows.walks import APPLIED
from workflows import sight

ON = dt.date(2026, 9, 29)


class TestASearch:
    @pytest.mark.parametrize(
        ("words", "found"), [("0101", 1), ("城市管理", 1), ("没有", 0), ("%", 0)]
    )
    def test_looks_in_number_authority_and_party(self, penalty, applicant, words, found):
        records = sight.records_of(applicant.user, on=ON, search=words)

        assert records.count() == found


class TestFiles:
    def test_that_an_office_gathered_are_not_the_partys_to_read(self, repair, applicant, cast):
        gathered = attachments.store(
            SimpleUploadedFile("核查照片.pdf", a_pdf()), by=cast["handler"].user, at=APPLIED
        )
        attachments.bind([gathered.pk], about=repair.reference)
        files = sight.attachments_of(repair, told_party=True)

        assert gathered not in files
        assert files.exists()
        assert gathered in sight.attachments_of(repair, told_party=False)
        assert sight.attachment_for(applicant.user, gathered.pk, on=ON) is None
        assert sight.attachment_for(cast["clerk"].user, gathered.pk, on=ON) == gathered
