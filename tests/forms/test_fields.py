"""Fields: files handed in before, and texts signed as they were shown."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from accounts.models import User
from forms import attachments
from forms.base import StepForm
from forms.fields import AttachmentsField, AttachmentsInput, SignedTextField
from tests.actors import a_pdf
from tests.conftest import TUESDAY


class Asked(StepForm):
    title = "Asked"
    proof = AttachmentsField()
    more = AttachmentsField(required=False)


@pytest.fixture
def somebody(db):
    return User.objects.create_user("somebody")


@pytest.fixture
def files(somebody):
    upload = [SimpleUploadedFile(f"{n}.pdf", a_pdf()) for n in range(3)]
    return [attachments.store(file, by=somebody, at=TUESDAY) for file in upload]


@pytest.fixture
def ask(somebody):
    return lambda by=None, **answers: Asked(answers, by=by or somebody, on=TUESDAY.date())


def ids(*files):
    return [str(file.pk) for file in files]


class TestFiles:
    def test_are_named_by_their_numbers(self, files, ask):
        form = ask(proof=ids(files[0], files[2]))

        assert form.is_valid()
        assert form.cleaned_data["proof"] == [files[0], files[2]]
        assert form.cleaned_data["more"] == []
        assert form.attachments() == [files[0], files[2]]

    def test_may_come_from_a_page_or_from_the_api(self, files):
        page = QueryDict(mutable=True)
        page.setlist("proof", ids(*files))
        read = AttachmentsInput().value_from_datadict

        assert read(page, {}, "proof") == ids(*files)
        assert read({"proof": ids(*files)}, {}, "proof") == ids(*files)
        assert read({"proof": files[0].pk}, {}, "proof") == ids(files[0])
        assert read({}, {}, "proof") == []

    @pytest.mark.parametrize("given", [[], "", None, [""], [None]])
    def test_are_asked_for_when_none_is_there(self, ask, given):
        form = ask(proof=given)

        assert form.errors["proof"] == [str(AttachmentsField().error_messages["required"])]

    @pytest.mark.parametrize(
        "given", [["999999"], ["x"], ["-1"], ["1; DROP TABLE"], [True], [["1"]], ["²"], ["9" * 30]]
    )
    def test_that_are_not_there_are_refused(self, ask, files, given):
        form = ask(proof=[*ids(files[0]), *given])

        assert form.errors["proof"] == [str(AttachmentsField().error_messages["unknown"])]

    def test_of_another_person_are_refused(self, ask, files):
        other = User.objects.create_user("other")

        assert "proof" in ask(by=other, proof=ids(files[0])).errors

    def test_that_a_case_uses_are_refused(self, ask, files):
        attachments.bind([files[0].pk], about="XF-2026-000001")

        assert "proof" in ask(proof=ids(files[0])).errors

    def test_named_twice_count_once(self, ask, files):
        form = ask(proof=ids(files[0], files[0]))

        assert form.is_valid()
        assert form.cleaned_data["proof"] == [files[0]]

    def test_enter_the_log_as_number_hash_and_size(self, ask, files):
        form = ask(proof=ids(files[0]))
        assert form.is_valid()

        assert form.facts()["proof"] == [
            {"id": files[0].pk, "sha256": files[0].sha256, "size": files[0].size}
        ]


class TestASignedText:
    def test_is_signed_by_the_hash_of_what_was_shown(self):
        assert SignedTextField(shown="abc").clean("abc") == "abc"

    @pytest.mark.parametrize(
        ("given", "code"),
        [("", "required"), (None, "required"), ("ABC", "changed"), ("ab", "changed")],
    )
    def test_signed_otherwise_is_refused(self, given, code):
        with pytest.raises(ValidationError) as refused:
            SignedTextField(shown="abc").clean(given)
        assert refused.value.code == code


class TestAStepForm:
    class Personal(StepForm):
        title = "Personal"
        personal = ("name",)

        from django import forms

        name = forms.CharField(required=False)
        day = forms.DateField()

    def test_keeps_personal_answers_apart(self):
        form = self.Personal({"name": "韦示例", "day": "2026-09-29"}, on=TUESDAY.date())
        assert form.is_valid()

        assert form.facts() == {"day": "2026-09-29"}
        assert form.personal_facts() == {"name": "韦示例"}

    def test_does_not_seal_what_was_not_said(self):
        form = self.Personal({"day": "2026-09-29"}, on=TUESDAY.date())
        assert form.is_valid()

        assert form.personal_facts() == {}

    def test_writes_only_what_the_case_knows(self):
        class Case:
            day = None

        case, form = Case(), self.Personal({"day": "2026-09-29"}, on=TUESDAY.date())
        assert form.is_valid()
        form.record_on(case)

        assert case.day == TUESDAY.date()
        assert not hasattr(case, "name")
