"""The operators' desk: what it lists, what it lets be done, and what it keeps closed."""

import datetime as dt
import itertools

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken, Duty, Membership, Representation, Substitution, User
from cases.commitment import register
from cases.commitment.register import ItemVersion
from notifications.models import Delivery, Letter
from records.models import Alias, Record, Subject
from tests.cases.commitment_walks import the_units
from tests.conftest import SINCE, TUESDAY, _caseworker
from tests.web import operators
from tests.workflows.sheets import HEADING, rows_2027
from tests.workflows.walks import open_a_repair, walk
from web import letter_texts
from web.management.operators import NAME, make_group
from workflows.case_type import case_type, case_types
from workflows.models import Case, Day, Entry, Errand, Heartbeat, Proposal, Term

operator, desk = operators.operator, operators.desk
TODAY = TUESDAY.date()
MOST_QUERIES, MOST_BYTES = 12, 60_000


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TUESDAY.astimezone(dt.UTC))


@pytest.fixture
def version(office, bureau):
    """The first version of an item of the published list."""
    the_units()
    register.load_items(case_type("commitment").folder / "items.csv")
    return ItemVersion.objects.order_by("pk").first()


@pytest.fixture
def busy(applicant, penalty, staff, version, company):
    """A service in which there is something on every list."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes", staff)
    fill(case, staff, company)
    return case


def fill(case, staff, company):
    """Put forty rows and more on the lists that grow."""
    unit = Membership.objects.first().unit
    people = [User(username=f"p{n}", display_name=f"人员{n}（示例）") for n in range(60)]
    users = User.objects.bulk_create(people)
    held = {"unit": unit, "duty": Duty.HANDLER, "since": SINCE}
    Membership.objects.bulk_create(Membership(user=user, **held) for user in users)
    acts = {"credit_code": company.credit_code, "since": SINCE}
    Representation.objects.bulk_create(Representation(user=user, **acts) for user in users)
    away = {"unit": unit, "since": TODAY, "until": TODAY, "reason": "休假", "given_by": users[0]}
    pairs = itertools.pairwise(users)
    Substitution.objects.bulk_create(
        Substitution(absent=one, substitute=other, **away) for one, other in pairs
    )
    for user in users:
        tokens.issue(user, "示例", at=TUESDAY, days=30)
    names = [Alias(subject=company, kind="former_name", value=f"旧名{n}") for n in range(60)]
    Alias.objects.bulk_create(names)
    beats = {"examined": 1, "told": 0, "failed": 0}
    Heartbeat.objects.bulk_create(Heartbeat(at=TUESDAY, **beats) for _n in range(60))
    wanted = {"kind": "open", "source": case, "created_at": TUESDAY}
    Errand.objects.bulk_create(Errand(target=case, **wanted) for _n in range(60))


def another(delivery):
    """Carry the message of a delivery to its addressee once more, as a message of its own."""
    message = delivery.message
    message.pk = None
    message.save()
    return Delivery.objects.create(message=message, channel="email", next_try_at=TUESDAY)


def tables():
    """Return every table of the desk."""
    return sorted(site._registry, key=lambda model: model._meta.label)


def address(model, what, *args):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{what}", args=args)


class TestTheIndex:
    def test_has_every_table_in_the_order_of_the_work_and_none_in_a_heap(self, desk):
        page = desk.get(reverse("admin:index"))
        groups = [group["app_label"] for group in page.context["app_list"]]

        assert groups == [
            "people",
            "rules",
            "letters",
            "items",
            "records",
            "cases",
            "log",
            "health",
        ]
        shown = sum(len(group["models"]) for group in page.context["app_list"])
        assert shown == len(tables()) + 1  # the letter texts are no table

    def test_is_empty_for_staff_without_the_group(self, client, db):
        client.force_login(User.objects.create_user("plain", is_staff=True))
        page = client.get(reverse("admin:index"))

        assert page.context["app_list"] == []
        for model in tables():
            assert client.get(address(model, "changelist")).status_code == 403, model
        assert client.get(reverse("admin:letter-texts")).status_code == 404

    def test_speaks_of_nothing_that_is_missing_in_our_own_look(self, desk):
        answer = desk.get("/admin/nowhere/")
        assert answer.status_code == 404
        assert "xinban.css" in answer.content.decode()


class TestOperators:
    def test_have_what_the_group_has_no_more_and_no_less(self, operator):
        before = operator.get_all_permissions()
        group = Group.objects.get(name=NAME)
        group.permissions.clear()
        make_group()

        assert User.objects.get(pk=operator.pk).get_all_permissions() == before
        assert not [name for name in before if ".delete_" in name]
        assert not any(operator.has_perm(f"workflows.{verb}_case") for verb in ("add", "change"))

    def test_come_to_no_desk_and_no_oversight(self, desk, busy):
        for path in ("/desk/", "/oversight/", f"/cases/{busy.reference}/"):
            assert desk.get(path).status_code in {403, 404}, path


class TestEveryTable:
    def test_is_read_in_few_queries_and_little_html(self, desk, busy):
        for model in tables():
            path = address(model, "changelist")
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page = desk.get(path)
            assert page.status_code == 200, path
            assert len(asked) <= MOST_QUERIES, (path, len(asked))
            assert len(page.content) < MOST_BYTES, (path, len(page.content))

    def test_shows_one_row_in_few_queries(self, desk, busy):
        for model in tables():
            row = model._default_manager.order_by("pk").first()
            if row is None:
                continue
            path = address(model, "change", row.pk)
            with CaptureQueriesContext(connection) as asked:
                page = desk.get(path)
            assert page.status_code == 200, path
            assert len(asked) <= MOST_QUERIES, (path, [q["sql"][:90] for q in asked])

    def test_is_searched_filtered_and_sorted(self, desk, busy):
        for model in tables():
            path, table = address(model, "changelist"), site._registry[model]
            assert desk.get(path, {"o": "-1"}).status_code == 200, path
            if table.search_fields:
                assert desk.get(path, {"q": "济阳 <'\"%"}).status_code == 200, path
            for spec in desk.get(path).context["cl"].filter_specs:
                for choice in spec.choices(desk.get(path).context["cl"]):
                    asked = path + choice["query_string"]
                    assert desk.get(asked).status_code == 200, asked

    def test_answers_a_wrong_address_without_falling_over(self, desk, busy):
        for model in tables():
            for key in ("0", "a b", "99999999999999999999999", "%00"):
                path = address(model, "changelist") + f"{key}/change/"
                assert desk.get(path).status_code in {302, 404}, path
            for query in ("p=9999999999999", "o=x", "nothing__is=1", "q=%00", "e=1"):
                path = f"{address(model, 'changelist')}?{query}"
                assert desk.get(path).status_code in {200, 302, 400, 404}, path

    def test_is_titled_in_both_languages(self, desk):
        for model in tables():
            page = desk.get(address(model, "changelist"), headers={"Accept-Language": "en"})
            named = str(page.context["title"])
            assert named.isascii(), named

    def test_lets_nothing_be_deleted(self, desk, busy):
        for model in tables():
            row = model._default_manager.order_by("pk").first()
            if row is not None:
                assert (
                    desk.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
                )
        assert "delete_selected" not in desk.get(address(User, "changelist")).content.decode()

    def test_of_the_engine_is_closed_to_changes(self, desk, busy):
        for model in (Case, Term, Day, Entry, Subject, Record, Letter, Delivery):
            row = model._default_manager.order_by("pk").first()
            assert desk.post(address(model, "add"), {}).status_code == 403, model
            if row is not None:
                assert desk.post(address(model, "change", row.pk), {}).status_code == 403, model


class TestACaseOnTheDesk:
    def test_shows_where_it_stands_and_nothing_of_what_is_in_it(self, desk, busy, penalty):
        case = desk.get(address(Case, "change", busy.pk)).content.decode()
        assert busy.reference in case
        assert busy.query_code not in case

        said = Entry.objects.get(stream=busy.reference, kind="received")
        entry = desk.get(address(Entry, "change", said.pk)).content.decode()
        assert said.hash in entry
        assert "receipt_number" not in entry
        step = busy.items.first()
        assert "request" not in desk.get(address(type(step), "change", step.pk)).content.decode()

    def test_letter_is_listed_without_its_text(self, desk, busy):
        letter = Letter.objects.first()
        page = desk.get(address(Letter, "change", letter.pk)).content.decode()
        assert letter.number in page
        assert "letter-issuer" not in page

    def test_message_tells_nobodys_address(self, desk, busy):
        carried = Delivery.objects.first()
        Delivery.objects.update(problem="SMTPRecipientsRefused: {'wei@example.com': no}")
        for path in (address(Delivery, "changelist"), address(Delivery, "change", carried.pk)):
            page = desk.get(path).content.decode()
            assert "SMTPRecipientsRefused" in page
            assert "wei@example.com" not in page

    def test_log_says_whether_its_chain_is_whole(self, desk, busy):
        entry = Entry.objects.filter(stream=busy.reference).first()
        page = desk.get(address(Entry, "change", entry.pk), headers={"Accept-Language": "en"})
        count = Entry.objects.filter(stream=busy.reference).count()
        assert f"Whole: {count} entries were recomputed." in page.content.decode()


class TestAnAction:
    def test_tries_again_what_was_given_up_and_says_so_in_the_log(self, desk, operator, busy):
        given_up = Delivery.objects.get()
        sent = another(given_up)
        Delivery.objects.filter(pk=given_up.pk).update(state="failed", attempts=8)
        Delivery.objects.filter(pk=sent.pk).update(state="sent", attempts=1)
        chosen = {"action": "retry", "_selected_action": [given_up.pk, sent.pk]}
        assert desk.post(address(Delivery, "changelist"), chosen).status_code == 302

        again = Delivery.objects.get(pk=given_up.pk)
        assert (again.state, again.attempts, again.next_try_at) == ("waiting", 0, TUESDAY)
        assert Delivery.objects.get(pk=sent.pk).state == "sent"
        entry = Entry.objects.get(stream="outbox")
        assert (entry.kind, entry.by) == ("delivery_retried", f"user:{operator.pk}")
        assert entry.detail["now"] == {"deliveries": [given_up.pk]}

    def test_revokes_a_token_at_once(self, desk, db):
        person = User.objects.create_user("zhao")
        token = tokens.issue(person, "示例", at=TUESDAY, days=30)
        chosen = {"action": "revoke", "_selected_action": [ApiToken.objects.get().pk]}
        desk.post(address(ApiToken, "changelist"), chosen)

        assert tokens.bearer(token, at=TUESDAY) is None
        assert Entry.objects.get(stream=f"user/{person.pk}").kind == "token_revoked"

    def test_is_not_there_for_who_may_only_read(self, client, busy):
        reader = User.objects.create_user("reader", is_staff=True)
        view = make_group().permissions.get(codename="view_delivery")
        reader.user_permissions.add(view)
        client.force_login(reader)
        Delivery.objects.update(state="failed")
        chosen = {"action": "retry", "_selected_action": [Delivery.objects.first().pk]}
        client.post(address(Delivery, "changelist"), chosen)

        assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}


class TestAnItem:
    def test_published_is_closed_and_becomes_a_new_version(self, desk, operator, version):
        path = address(ItemVersion, "change", version.pk)
        assert desk.post(path, {"conditions": "另定"}).status_code == 403
        renewed = desk.post(reverse("admin:commitment_itemversion_renew", args=[version.pk]))

        draft = ItemVersion.objects.get(item=version.item, published_from=None)
        assert renewed["Location"] == address(ItemVersion, "change", draft.pk)
        assert (draft.number, draft.statements) == (version.number + 1, version.statements)
        entry = Entry.objects.get(stream=f"item/{version.item.code}")
        assert (entry.kind, entry.by) == ("itemversion_added", f"user:{operator.pk}")

    def test_draft_is_edited_line_by_line_then_published_in_its_place(self, desk, version):
        desk.post(reverse("admin:commitment_itemversion_renew", args=[version.pk]))
        draft = ItemVersion.objects.get(item=version.item, published_from=None)
        path = address(ItemVersion, "change", draft.pk)
        told = desk.get(path).context["adminform"].form.initial
        told |= {
            "main_materials": "申请表\n\n营业执照 \n",
            "statements": "已知晓",
            "is_public": "on",
        }
        told["may_be_missing"] = "\n".join(draft.may_be_missing)
        assert desk.post(path, told).status_code == 302
        assert ItemVersion.objects.get(pk=draft.pk).main_materials == ["申请表", "营业执照"]

        verb = reverse("admin:commitment_itemversion_publish", args=[draft.pk])
        assert desk.post(verb, {"since": "2026-10-09"}).status_code == 302
        old = ItemVersion.objects.get(pk=version.pk)
        assert old.published_until == dt.date(2026, 10, 8)
        assert version.item.current(dt.date(2026, 10, 9)).pk == draft.pk
        kinds = Entry.objects.filter(stream=f"item/{version.item.code}").order_by("seq")
        expected = ["itemversion_added", "itemversion_changed", "itemversion_published"]
        assert list(kinds.values_list("kind", flat=True)) == expected

    @pytest.mark.parametrize(
        ("since", "status"), [("2026-09-28", 422), ("soon", 302), ("", 302), ("2020-01-01", 422)]
    )
    def test_is_not_published_from_a_day_that_has_passed(self, desk, version, since, status):
        desk.post(reverse("admin:commitment_itemversion_renew", args=[version.pk]))
        draft = ItemVersion.objects.get(item=version.item, published_from=None)
        verb = reverse("admin:commitment_itemversion_publish", args=[draft.pk])

        assert desk.post(verb, {"since": since}).status_code == status
        assert ItemVersion.objects.get(pk=draft.pk).published_from is None

    def test_is_published_once(self, desk, version):
        verb = reverse("admin:commitment_itemversion_publish", args=[version.pk])
        assert desk.post(verb, {"since": "2026-12-01"}).status_code == 409

    def test_is_touched_by_no_get_and_by_no_reader(self, desk, client, version):
        for verb in ("renew", "publish"):
            path = reverse(f"admin:commitment_itemversion_{verb}", args=[version.pk])
            assert desk.get(path).status_code == 403
        client.force_login(User.objects.create_user("plain", is_staff=True))
        assert client.post(path, {"since": "2026-12-01"}).status_code == 403


class TestLetterTexts:
    def test_list_every_letter_of_every_type(self, desk, office):
        page = desk.get(reverse("admin:letter-texts")).content.decode()
        for type_ in case_types():
            for letter in type_.letters.values():
                assert letter.title in page

    def test_are_shown_with_a_gap_for_each_value(self, desk, office):
        for type_ in letter_texts.by_type():
            for letter in type_["letters"]:
                page = desk.get(letter["url"])
                assert page.status_code == 200, letter["url"]
                assert len(page.content) < MOST_BYTES

        page = desk.get(reverse("admin:letter-text", args=["repair", "refused"])).content.decode()
        assert '<mark class="gap">party.name</mark>' in page
        assert "{% extends" in page

    @pytest.mark.parametrize("path", ["repair/nothing", "nothing/refused", "admin/refused"])
    def test_are_missing_where_there_is_none(self, desk, office, path):
        assert desk.get(f"/admin/texts/{path}/").status_code == 404


class TestTheCalendar:
    def test_shows_the_year_as_a_picture_and_in_words(self, desk, office):
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(reverse("calendar"), headers={"Accept-Language": "en"})
        said = page.content.decode()

        assert len(asked) <= MOST_QUERIES
        assert len(page.content) < MOST_BYTES
        assert "1 October to 7 October (7 days)" in said
        assert '<td class="day-off">1<span class="hidden-visually"> holiday</span></td>' in said
        assert '<td class="day-worked">10<span class="hidden-visually"> worked</span>' in said
        october = page.context["months"][9]
        assert october["worked"] == 18

    @pytest.mark.parametrize("year", ["1999", "x", "020261", "9" * 40, "٢٠٢٦"])
    def test_of_a_year_that_was_never_loaded_is_missing(self, desk, office, year):
        assert desk.get(reverse("calendar"), {"year": year}).status_code == 404

    def test_goes_from_the_operator_over_the_approver_to_the_clocks(self, desk, client, office):
        approver = _caseworker(office, Duty.APPROVER, "approver").user
        file = SimpleUploadedFile("2027.csv", "\n".join([HEADING, *rows_2027()]).encode())
        told = {"file": file, "reason": "国办通知（示例）"}
        assert desk.post(reverse("calendar-propose"), told).status_code == 302

        client.force_login(approver)
        page = client.get(reverse("proposals"), headers={"Accept-Language": "en"})
        assert "Calendar 2027" in page.content.decode()
        assert HEADING not in page.content.decode()
        decided = reverse("calendar-decide", args=[Proposal.objects.get().pk])
        assert client.post(decided, {"answer": "grant"}).status_code == 302
        assert Day.objects.filter(day__year=2027).count() == 7

    def test_names_the_line_of_a_wrong_file(self, desk, office):
        file = SimpleUploadedFile("2027.csv", f"{HEADING}\n2027-13-01,holiday,元旦,x\n".encode())
        answer = desk.post(
            reverse("calendar-propose"),
            {"file": file, "reason": "示例"},
            headers={"Accept-Language": "en"},
        )
        assert answer.status_code == 422
        assert "Line 2:" in answer.content.decode()

    def test_is_not_for_staff_without_the_group(self, client, office, clerk):
        for who in (User.objects.create_user("plain", is_staff=True), clerk.user):
            client.force_login(who)
            assert client.get(reverse("calendar")).status_code == 403
            assert client.get(reverse("calendar-propose")).status_code == 403


class TestATerm:
    def test_has_a_way_to_a_change_with_its_key_filled_in(self, desk, office):
        term = Term.objects.filter(key="repair.ndrc.decide").first()
        page = desk.get(address(Term, "change", term.pk)).content.decode()
        link = f"{reverse('term-propose')}?key=repair.ndrc.decide"
        assert link in page

        form = desk.get(link)
        assert form.status_code == 200
        assert form.context["form"]["key"].value() == "repair.ndrc.decide"

    def test_is_proposed_by_an_operator_and_never_decided_by_one(self, desk, operator, office):
        told = {"key": "repair.ndrc.decide", "value": "5", "since": "2026-11-01"}
        told |= {"open_cases": "keep", "basis": "示例", "certainty": "L", "reason": "提速。"}
        assert desk.post(reverse("term-propose"), told)["Location"] == address(Term, "changelist")

        proposed = Proposal.objects.get()
        assert (proposed.proposed_by, proposed.unit) == (operator, office)
        verb = reverse("term-decide", args=[proposed.pk])
        assert desk.post(verb, {"answer": "grant"}).status_code == 403

    def test_list_is_narrowed_to_what_is_in_force(self, desk, office):
        def listed(**query):
            page = desk.get(address(Term, "changelist"), {**query, "all": ""})
            return page.context["cl"].queryset

        every, today = listed(), listed(edition="today")
        assert 0 < today.count() < every.count()
        assert all(term.is_in_force(TODAY) for term in today)
        assert {term.key.split(".")[0] for term in listed(of="repair")} == {"repair"}
        assert {term.certainty for term in listed(certain="office")} == {"L"}
