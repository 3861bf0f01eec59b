"""Material by material: each file says what it is for."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from forms import attachments
from forms.base import StepForm
from forms.materials import Material, MaterialList, listed
from forms.models import Attachment, Draft
from tests.actors import a_pdf
from tests.conftest import TUESDAY
from workflows.models import Entry

PAID = Material("paid", _("Proof of fulfilment"), _("A receipt."), required=True)
PUT_RIGHT = Material("right", _("Proof that the breach was put right"))


class Asked(StepForm):
    title = "Asked"
    proof = MaterialList([PAID, PUT_RIGHT], label=_("What proves it"))


@pytest.fixture
def somebody(db):
    return User.objects.create_user("somebody")


@pytest.fixture
def files(somebody):
    upload = [SimpleUploadedFile(f"{n}.pdf", a_pdf()) for n in range(3)]
    return [attachments.store(file, by=somebody, at=TUESDAY) for file in upload]


@pytest.fixture
def ask(somebody):
    return lambda *given: Asked({"proof": list(given)}, by=somebody, on=TUESDAY.date())


class TestAFileInAList:
    def test_says_what_it_is_for(self, files, ask):
        form = ask(f"paid:{files[0].pk}", f"right:{files[1].pk}")

        assert form.is_valid()
        assert form.cleaned_data["proof"] == files[:2]
        assert form.items() == {
            files[0].pk: "Proof of fulfilment",
            files[1].pk: "Proof that the breach was put right",
        }

    def test_is_known_by_the_same_name_in_every_language(self, files, ask):
        with override("zh-hans"):
            form = ask(f"paid:{files[0].pk}")
            assert form.is_valid()

        assert form.items() == {files[0].pk: "Proof of fulfilment"}

    def test_that_no_line_asks_for_is_called_as_the_question_is(self, files, ask):
        form = ask(f"paid:{files[0].pk}", f"other:{files[1].pk}")

        assert form.is_valid()
        assert form.items()[files[1].pk] == "What proves it"

    def test_enters_the_log_with_what_it_is_for(self, files, ask):
        form = ask(f"paid:{files[0].pk}")
        assert form.is_valid()

        assert form.facts()["proof"][0]["item"] == "Proof of fulfilment"

    @pytest.mark.parametrize("key", ["unknown:{}", "paid:paid:{}", ":{}x", "paid:{}x", "paid:"])
    def test_for_something_nobody_asks_for_is_refused(self, files, ask, key):
        form = ask(f"paid:{files[0].pk}", key.format(files[1].pk))

        assert form.errors["proof"] == [str(MaterialList([]).error_messages["unknown"])]


class TestAMaterialThatIsNeeded:
    def test_is_named_where_it_is_missing(self, files, ask):
        with override("en"):
            assert ask(f"right:{files[0].pk}").errors["proof"] == [
                "“Proof of fulfilment” is missing."
            ]

    def test_is_named_where_nothing_is_there(self, db, ask):
        with override("en"):
            assert ask().errors["proof"] == ["“Proof of fulfilment” is missing."]

    def test_may_come_from_a_program_that_does_not_tell_files_apart(self, files, ask):
        form = ask(str(files[0].pk))

        assert form.is_valid()
        assert form.items() == {files[0].pk: "What proves it"}


class TestThePage:
    def test_gives_each_material_a_line_and_an_upload(self, ask):
        with override("en"):
            shown = str(Asked(on=TUESDAY.date())["proof"])

        for key in ("paid", "right", "other"):
            assert f'<input type="file" name="proof:{key}"' in shown
            assert f'<label class="material-name" for="id_proof_{key}"' in shown
        assert shown.count(">required<") == 1

    def test_keeps_each_file_on_its_line(self, files, ask):
        shown = str(ask(f"right:{files[0].pk}")["proof"])
        line = shown[max(shown.index('name="proof:right"') - 3000, 0) :]

        assert f'name="proof" value="right:{files[0].pk}" checked' in shown
        assert line.index("0.pdf") < line.index('name="proof:right"')

    def test_asks_for_what_it_is_told_to(self, somebody):
        form = Asked(by=somebody, on=TUESDAY.date())
        form.fields["proof"].ask_for(listed(["变更登记申请书", "内部决议"], required=True))

        assert "变更登记申请书" in str(form["proof"])
        assert "变更登记申请书" not in str(Asked(on=TUESDAY.date())["proof"])


class TestACase:
    def test_knows_what_each_of_its_files_is_for(self, applicant, penalty, staff):
        paid, right = (applicant.hands_in(name, at=TUESDAY) for name in ("缴款.pdf", "照片.pdf"))
        proof = [f"fulfilment:{paid.pk}", f"correction:{right.pk}"]
        case = applicant.applies(penalty, at=TUESDAY, proof=proof)

        found = attachments.of_case(case.reference).values_list("name", "item")
        assert dict(found) == {
            "缴款.pdf": "Proof of fulfilment",
            "照片.pdf": "Proof that the breach was put right",
        }
        received = Entry.objects.get(stream=case.reference, kind="received")
        told = {one["id"]: one["item"] for one in received.detail["facts"]["proof"]}
        assert told[paid.pk] == "Proof of fulfilment"

    def test_calls_a_file_by_its_question_where_there_is_no_list(self, applicant, penalty, staff):
        case = applicant.applies(penalty, at=TUESDAY)

        assert attachments.of_case(case.reference).get().item == "What proves it"


class TestAFileNobodyUses:
    @pytest.fixture(autouse=True)
    def kept_for_a_month(self, settings):
        settings.UNUSED_FILE_KEEP_DAYS = 30

    def test_is_dropped_after_its_days_with_its_content(
        self, files, django_capture_on_commit_callbacks
    ):
        storage, name = files[0].file.storage, files[0].file.name
        with django_capture_on_commit_callbacks(execute=True):
            dropped = attachments.drop_unused(at=TUESDAY + dt.timedelta(days=31))

        assert dropped == len(files)
        assert not Attachment.objects.exists()
        assert not storage.exists(name)

    def test_is_kept_until_then(self, files):
        assert attachments.drop_unused(at=TUESDAY + dt.timedelta(days=30)) == 0

    @pytest.mark.parametrize("named", ["{}", "paid:{}"])
    def test_is_kept_as_long_as_a_draft_names_it(self, files, somebody, named):
        answers = {"proof": [named.format(files[1].pk)], "reason": "x", "n": None, "on": True}
        Draft.objects.create(writer=somebody, about="/x/", answers=answers, saved_at=TUESDAY)

        assert attachments.drop_unused(at=TUESDAY + dt.timedelta(days=400)) == len(files) - 1
        assert Attachment.objects.get() == files[1]

    def test_is_never_one_of_a_case(self, files):
        attachments.bind([files[0].pk], about="XF-2026-000001")

        assert attachments.drop_unused(at=TUESDAY + dt.timedelta(days=400)) == len(files) - 1
        assert attachments.of_case("XF-2026-000001").get() == files[0]
