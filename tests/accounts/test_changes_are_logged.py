"""What operators change decides who may see and do what: each change is an act, told in full."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Duty, Membership, Representation, Substitution, Unit, User
from accounts.standing import standing
from tests.conftest import SINCE
from tests.web import operators
from workflows import audit
from workflows.models import Entry, Sealed

desk, operator = operators.desk, operators.operator  # fixtures
FIRST, LAST = dt.date(2027, 2, 8), dt.date(2027, 3, 5)  # the weeks round Spring Festival


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def zhao(db):
    return User.objects.create_user("zhao", display_name="赵示例")


@pytest.fixture
def qian(db):
    return User.objects.create_user("qian", display_name="钱示例")


def adds(desk, table, **told):
    desk.cookies["django_language"] = "en"
    return desk.post(reverse(f"admin:{table}_add"), told)


def changes(desk, row, **told):
    desk.cookies["django_language"] = "en"
    return desk.post(
        reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk]), told
    )


def refusals(answer):
    """Return every sentence of a form that was refused."""
    assert answer.status_code == 200
    return " ".join(s for said in answer.context["adminform"].form.errors.values() for s in said)


def last(stream):
    return Entry.objects.filter(stream=stream).latest("seq")


def joins(user, unit, duty=Duty.HANDLER, since=SINCE, until=None):
    return Membership.objects.create(user=user, unit=unit, duty=duty, since=since, until=until)


class TestADuty:
    def told(self, person, place, **changed):
        told = {"user": person.username, "unit": place.pk, "duty": "handler", "since": "2027-02-08"}
        return {**told, "until": "", **changed}

    def test_given_is_an_event_of_the_person(self, desk, operator, zhao, bureau):
        answer = adds(desk, "accounts_membership", **self.told(zhao, bureau))

        assert answer.status_code == 302
        entry = last(f"user/{zhao.pk}")
        assert (entry.kind, entry.by) == ("membership_added", f"user:{operator.pk}")
        assert entry.detail["was"] == {}
        said = {"unit": "CG", "duty": "handler", "since": "2027-02-08", "until": None}
        assert said.items() <= entry.detail["now"].items()
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_ended_tells_what_stood_there_before(self, desk, zhao, bureau):
        given = joins(zhao, bureau)
        changes(desk, given, until="2027-03-05")

        entry = last(f"user/{zhao.pk}")
        assert entry.kind == "membership_changed"
        assert entry.detail["was"] == {"until": None}
        assert entry.detail["now"] == {"row": given.pk, "until": "2027-03-05"}

    def test_saved_as_it_was_is_no_event(self, desk, zhao, bureau):
        given = joins(zhao, bureau)
        assert changes(desk, given, until="").status_code == 302
        assert not Entry.objects.exists()

    def test_keeps_its_person_its_unit_and_its_first_day(self, desk, zhao, qian, bureau):
        given = joins(zhao, bureau)
        changes(desk, given, **self.told(qian, bureau, duty="approver", until="2027-03-05"))

        kept = Membership.objects.get()
        assert (kept.user, kept.duty, kept.since) == (zhao, Duty.HANDLER, SINCE)

    def test_that_is_held_already_is_refused_with_its_first_day(self, desk, zhao, bureau):
        joins(zhao, bureau)
        answer = adds(desk, "accounts_membership", **self.told(zhao, bureau))

        assert "This is entered already, from Jan. 1, 2020 on" in refusals(answer)
        assert (Membership.objects.count(), Entry.objects.count()) == (1, 0)

    def test_may_begin_again_after_it_has_ended(self, desk, zhao, bureau):
        joins(zhao, bureau, until=FIRST - dt.timedelta(1))
        assert adds(desk, "accounts_membership", **self.told(zhao, bureau)).status_code == 302

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"until": "2027-02-07"}, "The last day lies before the first."),
            ({"user": "nobody"}, "Nobody has this user name."),
            ({"user": "a\0b"}, "Null characters are not allowed."),
            ({"since": "soon"}, "Enter a valid date."),
            ({"unit": "999999999999999999999"}, "Select a valid choice."),
        ],
    )
    def test_that_makes_no_sense_is_refused(self, desk, zhao, bureau, changed, said):
        assert said in refusals(
            adds(desk, "accounts_membership", **self.told(zhao, bureau, **changed))
        )

    def test_is_not_given_to_a_closed_account_nor_to_oneself(self, desk, operator, zhao, bureau):
        User.objects.filter(pk=zhao.pk).update(is_active=False)

        closed = adds(desk, "accounts_membership", **self.told(zhao, bureau))
        mine = adds(desk, "accounts_membership", **self.told(operator, bureau))
        assert refusals(closed) == "This account is deactivated."
        assert refusals(mine).startswith("Nobody gives this to themselves")

    def test_to_decide_beside_one_to_prepare_is_given_with_a_word(self, desk, zhao, bureau):
        joins(zhao, bureau)
        answer = desk.post(
            reverse("admin:accounts_membership_add"),
            self.told(zhao, bureau, duty="approver"),
            follow=True,
            headers={"Accept-Language": "en"},
        )
        assert any("both decides and prepares" in str(m) for m in answer.context["messages"])

    def test_is_never_deleted(self, desk, zhao, bureau):
        given = joins(zhao, bureau)
        address = reverse("admin:accounts_membership_delete", args=[given.pk])

        assert desk.post(address, {"post": "yes"}).status_code == 403
        assert Membership.objects.exists()


class TestASubstitute:
    def told(self, absent, substitute, unit, **changed):
        people = {"absent": absent.username, "substitute": substitute.username, "unit": unit.pk}
        days = {"since": "2027-02-08", "until": "2027-03-05", "duty": ""}
        return {**people, **days, "reason": "产假（示例）", **changed}

    def test_entered_is_an_event_whose_reason_is_sealed(self, desk, operator, zhao, qian, bureau):
        joins(zhao, bureau)
        adds(desk, "accounts_substitution", **self.told(zhao, qian, bureau))

        entry = last(f"user/{qian.pk}")
        assert entry.kind == "substitution_added"
        assert entry.detail["now"]["given_by"] == f"user:{operator.pk}"
        assert "产假" not in str(entry.detail)
        assert list(entry.sealed) == ["reason"]
        assert standing(qian, on=FIRST).queues == ["CG/handler"]

    def test_of_somebody_without_the_duty_is_refused(self, desk, zhao, qian, bureau):
        joins(zhao, bureau, until=FIRST - dt.timedelta(1))
        answer = adds(desk, "accounts_substitution", **self.told(zhao, qian, bureau))

        assert "nothing passes on" in refusals(answer)
        assert not Substitution.objects.exists()

    def test_is_nobody_in_their_own_place(self, desk, zhao, bureau):
        joins(zhao, bureau)
        answer = adds(desk, "accounts_substitution", **self.told(zhao, zhao, bureau))
        assert "Nobody stands in for themselves." in refusals(answer)
        assert "nobody_stands_in" not in refusals(answer), "the name of a rule is no sentence"


class TestARightToAct:
    def test_given_is_an_event_of_the_person(self, desk, zhao, company):
        told = {"user": "zhao", "credit_code": " 91370115 may3t8hd6r ", "since": "2027-02-08"}
        assert adds(desk, "accounts_representation", **told, until="").status_code == 302

        assert Representation.objects.get().credit_code == company.credit_code
        entry = last(f"user/{zhao.pk}")
        assert entry.kind == "representation_added"
        assert entry.detail["now"]["credit_code"] == company.credit_code

    def test_for_a_code_that_cannot_be_is_refused_with_the_reason(self, desk, zhao):
        told = {"user": "zhao", "credit_code": "91370115MAY3T8HD6X", "since": "2027-02-08"}
        assert refusals(adds(desk, "accounts_representation", **told, until=""))
        assert not Representation.objects.exists()


class TestAUnit:
    def told(self, **changed):
        told = {"code": "SW", "name": "区水务局（示例）", "name_en": "Water Bureau (demo)"}
        return {**told, "credit_code": "11370115MB00000CG0", "phone": "", "parent": "", **changed}

    def test_changed_is_an_event_of_its_own(self, desk, bureau):
        told = self.told(name=bureau.name, name_en="Urban Management", code="OTHER")
        assert changes(desk, bureau, **told).status_code == 302

        entry = last("unit/CG")
        assert entry.kind == "unit_changed"
        assert entry.detail["was"] == {"name_en": bureau.name_en}
        assert Unit.objects.get(pk=bureau.pk).code == "CG"

    def test_with_a_code_that_cannot_be_is_refused_with_the_reason(self, desk):
        answer = adds(desk, "accounts_unit", **self.told(credit_code="11370115MB0000SW00"))
        assert "a character that is never used: S" in refusals(answer)
        assert not Unit.objects.exists()

    def test_is_not_a_second_credit_office_nor_above_itself(self, desk, office, bureau):
        told = self.told(is_credit_office="on", parent=bureau.pk)
        said = refusals(changes(desk, bureau, **told))

        assert "is the credit office already" in said
        assert "A unit cannot stand above itself." in said


class TestAnAccount:
    def told(self, person, **changed):
        told = {"username": person.username, "display_name": person.display_name}
        return {**told, "email": "zhao@example.com", "is_active": "on", **changed}

    def test_made_is_an_event_that_holds_no_name(self, desk):
        told = {"username": "sun", "display_name": "孙示例", "email": "sun@example.com"}
        password = {"password1": "long-and-strange-7", "password2": "long-and-strange-7"}
        assert adds(desk, "accounts_user", **told, **password).status_code == 302

        made = User.objects.get(username="sun")
        entry = last(f"user/{made.pk}")
        assert entry.kind == "user_added"
        assert not {"sun", "孙示例", "sun@example.com", made.password} & set(
            map(str, entry.detail["now"].values())
        )
        assert {"username", "email", "display_name"} <= set(entry.sealed)
        assert Sealed.objects.get(entry=entry, name="email").value["now"] == "sun@example.com"

    def test_deactivated_tells_who_did_it(self, desk, operator, zhao):
        changes(desk, zhao, **self.told(zhao, is_active=""))

        entry = last(f"user/{zhao.pk}")
        assert entry.detail["was"] == {"is_active": True}
        assert entry.detail["now"] == {"row": zhao.pk, "is_active": False}
        assert not User.objects.get(pk=zhao.pk).is_active

    def test_gets_a_password_that_the_log_does_not_hold(self, desk, zhao):
        address = reverse("admin:auth_user_password_change", args=[zhao.pk])
        told = {"password1": "long-and-strange-7", "password2": "long-and-strange-7"}
        assert desk.post(address, told).status_code == 302

        entry = last(f"user/{zhao.pk}")
        assert (entry.kind, entry.detail["now"]) == ("password_set", {"row": zhao.pk})
        assert User.objects.get(pk=zhao.pk).check_password("long-and-strange-7")

    def test_is_made_an_operator_by_a_superuser_only(self, desk, operator, zhao):
        powers = {"is_staff": "on", "is_superuser": "on"}
        changes(desk, zhao, **self.told(zhao, **powers))
        assert not User.objects.get(pk=zhao.pk).is_staff

        desk.force_login(User.objects.create_superuser("chief"))
        changes(desk, zhao, **self.told(zhao, **powers))
        assert User.objects.get(pk=zhao.pk).is_superuser
        assert last(f"user/{zhao.pk}").detail["was"]["is_superuser"] is False

    def test_of_a_superuser_is_out_of_an_operators_reach(self, desk):
        chief = User.objects.create_superuser("chief", password="old-and-strange-7")
        address = reverse("admin:auth_user_password_change", args=[chief.pk])
        told = {"password1": "long-and-strange-7", "password2": "long-and-strange-7"}

        assert desk.post(address, told).status_code == 403
        assert changes(desk, chief, **self.told(chief, is_active="")).status_code == 403
        kept = User.objects.get(pk=chief.pk)
        assert kept.is_active
        assert kept.check_password("old-and-strange-7")

    def test_of_oneself_is_not_closed(self, desk, operator):
        answer = changes(desk, operator, **self.told(operator, is_active=""))
        assert refusals(answer) == "Nobody deactivates their own account."

    @pytest.mark.parametrize("lost", ["is_superuser", "is_staff", "is_active"])
    def test_of_the_last_superuser_keeps_its_powers(self, client, db, lost):
        chief = User.objects.create_superuser("chief")
        second = User.objects.create_superuser("second")
        client.force_login(second)
        powers = {"is_staff": "on", "is_superuser": "on", "is_active": "on"}
        User.objects.filter(pk=second.pk).update(is_superuser=True)
        taken = self.told(chief, **{**powers, lost: ""})
        assert changes(client, chief, **taken).status_code == 302, "another one remains"

        mine = changes(client, second, **self.told(second, **{**powers, "is_superuser": ""}))
        assert "This is the last superuser." in refusals(mine)
        assert User.objects.get(pk=second.pk).is_superuser


class TestTheDesk:
    def test_tells_what_the_log_tells(self, desk, zhao, bureau):
        adds(desk, "accounts_membership", **TestADuty().told(zhao, bureau))
        page = desk.get(reverse("admin:accounts_user_history", args=[zhao.pk])).content.decode()

        assert "Duty given" in page
        assert "2027-02-08" in page
        assert "运维（示例）" in page
