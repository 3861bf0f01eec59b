"""Every door of the house, tried by every role: who comes in, who does not, and what is told."""

import datetime as dt
from contextlib import contextmanager
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts import tokens
from accounts.models import User
from forms.models import Attachment
from notifications.models import Letter
from tests.actors import open_item
from tests.architecture.doors import (
    ANSWER_ANYHOW,
    CASE,
    DEEDS,
    EVERYBODY,
    NAMES_THE_CASE,
    NOBODY,
    OF_THE_ACCOUNT,
    OPEN_SCHEMA,
    OPERATIONS,
    PAGES,
    PUBLISHED,
    SAID,
    TAKE_EVERY_METHOD,
    about,
)
from tests.architecture.test_who_sees_what import world  # noqa: F401 - a fixture
from web.api import api
from workflows.models import Entry

NOW = dt.datetime(2026, 10, 12, 2, 0, tzinfo=dt.UTC)
UNSAFE = ("post", "put", "patch", "delete")
REFUSALS = {400, 401, 403, 404, 405, 409, 415, 422}


class Target:
    """One case, and the values that stand for it in an address."""

    def __init__(self, world, case):  # noqa: F811
        letter = Letter.objects.filter(about=case.reference).first()
        file = Attachment.objects.get(about=case.reference)
        self.secrets = {case.reference, case.party.name, case.record.document_number}
        self.values = {
            "reference": case.reference,
            "record_id": case.record_id,
            "item_id": open_item(case, "examine").pk,
            "letter_id": letter.pk,
            "attachment_id": file.pk,
            "file_id": file.pk,
            "object_id": case.pk,
            "credit_code": case.party.credit_code,
            "kind": "repair",
            "door": "opened",
            "aside_id": 1,
            "draft_id": 1,
            "urging_id": world.demand.pk,
            "proposal_id": world.proposal.pk,
            "view_id": 1,
            "rating_id": 1,
            "app_label": "workflows",
            "content_type_id": 1,
            "id": 1,
            "key": "none",
            "uidb36": "1",
            "rest": "none",
            "url": "none",
        }
        self.others = {
            "propose": {"kind": "suspend"},
            "begin": {"kind": "commitment"},
            "follow": {"door": "reorganised"},
            "desk-open-door": {"kind": "interview"},
            "term-decide": {"proposal_id": world.edition.pk},
            "calendar-decide": {"proposal_id": world.calendar.pk},
        }

    def address(self, name, pattern):
        """Return the address of a door that leads to the case."""
        return filled(pattern, self.values | self.others.get(name, {}))

    def told_in(self, response, path):
        """Return what of the case an answer tells that the question did not."""
        if response.streaming:
            body = b"".join(response.streaming_content).decode("latin-1")
        else:
            body = response.content.decode(errors="replace")
        for close in response._resource_closers:
            close()
        return {secret for secret in self.secrets if secret in body and secret not in path}


@pytest.fixture
def doors(world, monkeypatch):  # noqa: F811
    """The two cases, and a way to come to each door as each role."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    world.people["operator"] = User.objects.create_superuser("operator")
    return world


def target_of(doors, which):
    return Target(doors, getattr(doors, which))


def browser(doors, role):
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(doors.who(role))
    return client


def program(doors, role):
    if role == "anonymous":
        return Client(raise_request_exception=False)
    token = tokens.issue(doors.who(role), "test", at=NOW, days=30)
    headers = {"Authorization": f"Bearer {token}"}
    return Client(headers=headers, raise_request_exception=False)


def routes(patterns=None, prefix="/", namespace=""):
    """Yield (namespace, name, pattern) of every address of the house."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield namespace, pattern.name, path
        else:
            inner = pattern.namespace or namespace
            yield from routes(pattern.url_patterns, path, inner)


def own():
    return [(name, path) for space, name, path in routes() if not space]


def pages():
    return [(name, path) for name, path in own() if name in PAGES]


def administration():
    every = [(name, path) for space, name, path in routes() if space == "admin"]
    return [(name, path) for name, path in every if "^" not in path]


def everybody(doors, come):
    """Yield whoever there is, each with their own way in."""
    for role in sorted(EVERYBODY):
        yield come(doors, role), role


def operations():
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            room = told["tags"][0].replace(" ", "_").replace("-", "_")
            yield told["operationId"].removeprefix(f"web_api_{room}_"), method, path


def filled(path, values):
    """Return an address with the values of a case in the place of its parameters."""
    for name, value in values.items():
        for form in (f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>", f"<path:{name}>"):
            path = path.replace(form, str(value))
        path = path.replace(f"<{name}>", str(value)).replace(f"{{{name}}}", str(value))
    return path


@contextmanager
def undone():
    """Run the block and take back what it did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_no(response):
    to_sign_in = response.status_code == 302 and "/login/" in response.headers["Location"]
    return to_sign_in or response.status_code in REFUSALS


class TestTheTable:
    def test_names_every_page(self):
        assert {name for name, _path in own()} == {*PAGES, *ANSWER_ANYHOW, *OF_THE_ACCOUNT}

    def test_names_every_operation_of_the_api(self):
        named = {name for space, name, _path in routes() if space == "api"}

        assert named == {*OPERATIONS, *OPEN_SCHEMA, "api-root"}
        assert {name for name, _method, _path in operations()} == set(OPERATIONS)


class TestAPage:
    @pytest.mark.parametrize("which", ["a", "b"])
    def test_opens_to_those_it_is_for_and_tells_the_others_nothing(self, doors, which):
        target = target_of(doors, which)
        for visitor, role in everybody(doors, browser):
            for name, pattern in pages():
                path, may = target.address(name, pattern), role in about(PAGES[name], which)
                response = visitor.get(path)
                said = (role, path, response.status_code)
                assert (response.status_code == 200) is may, said
                assert may is not is_no(response), said
                told = target.told_in(response, path)
                if name in PUBLISHED:
                    told &= {getattr(doors, which).reference}
                if role not in about(CASE, which) or not (may or name in NAMES_THE_CASE):
                    assert told == set(), said

    def test_of_the_account_tells_nothing_of_any_case(self, doors):
        target, names = target_of(doors, "a"), {*OF_THE_ACCOUNT, *ANSWER_ANYHOW}
        paths = [path for name, path in own() if name in names and "^" not in path]
        for visitor, role in everybody(doors, browser):
            for path in {*paths} - {"/accounts/logout/"}:
                response = visitor.get(path)
                assert response.status_code < 500 or path == "/health/clock", path
                assert target.told_in(response, path) == set(), (role, path)

    @pytest.mark.parametrize("method", UNSAFE)
    def test_lets_nobody_change_what_is_not_theirs(self, doors, method):
        target = target_of(doors, "a")
        for visitor, role in everybody(doors, browser):
            for name, pattern in pages():
                path = target.address(name, pattern)
                may = method == "post" and role in DEEDS.get(name, NOBODY)
                said_with_it = SAID.get(name) if method == "post" else None
                with undone():
                    before = Entry.objects.count()
                    response = getattr(visitor, method)(path, said_with_it)
                    written = Entry.objects.count() - before
                said = (role, method, path, response.status_code)
                assert bool(written) is may, said
                assert may is not is_no(response) or name in TAKE_EVERY_METHOD, said
                told = target.told_in(response, path)
                if role not in CASE or not (may or name in NAMES_THE_CASE):
                    assert told == set(), said


class TestTheApi:
    @pytest.mark.parametrize("which", ["a", "b"])
    def test_answers_those_it_is_for_and_tells_the_others_nothing(self, doors, which):
        target = target_of(doors, which)
        for caller, role in everybody(doors, program):
            for name, method, pattern in operations():
                path, may = filled(pattern, target.values), role in about(OPERATIONS[name], which)
                with undone():
                    before = Entry.objects.count()
                    response = getattr(caller, method)(path, content_type="application/json")
                    assert may or Entry.objects.count() == before, (role, path)
                said = (role, method, path, response.status_code)
                assert (response.status_code < 300) is may, said
                assert may is not is_no(response), said
                told = target.told_in(response, path)
                if role not in about(CASE, which) or not (may or name in NAMES_THE_CASE):
                    assert told == set(), said

    def test_takes_no_other_method(self, doors):
        target = target_of(doors, "a")
        known = {(filled(path, target.values), method) for _name, method, path in operations()}
        others = {(p, m) for p, _m in known for m in ("get", *UNSAFE)} - known
        for caller, role in everybody(doors, program):
            for path, method in others:
                response = getattr(caller, method)(path)
                assert response.status_code == 405, (role, method, path)
                assert target.told_in(response, path) == set()

    def test_does_not_take_a_browsers_cookie_for_a_token(self, doors):
        target, visitor = target_of(doors, "a"), browser(doors, "applicant")
        for _name, method, pattern in operations():
            response = getattr(visitor, method)(filled(pattern, target.values))
            assert response.status_code == 401, pattern


class TestTheAdministration:
    def test_is_for_operators_alone(self, doors):
        target = target_of(doors, "a")
        paths = {filled(path, target.values): name for name, path in administration()}
        for visitor, role in everybody(doors, browser):
            for path, method in product(paths, ("get", "post")):
                # Signing out is for whoever has signed in; the words of its scripts are no secret.
                if role == "operator" or paths[path] in {"logout", "jsi18n"}:
                    continue
                response = getattr(visitor, method)(path)
                assert is_no(response), (role, method, path)
                assert target.told_in(response, path) == set(), (role, method, path)

    def test_lets_operators_look_at_the_engine_and_change_nothing_in_it(self, doors):
        target, operator = target_of(doors, "a"), browser(doors, "operator")
        ours = [(n, path) for n, path in administration() if (n or "").startswith("workflows_")]
        for name, pattern in ours:
            path = filled(pattern, target.values)
            if name.endswith("_changelist"):
                assert operator.get(path).status_code == 200, path
            elif name.endswith(("_add", "_change", "_delete")):
                assert operator.post(path, {"post": "yes"}).status_code in {302, 403}, path
        assert Entry.objects.filter(stream=doors.a.reference).exists()

    def test_has_no_desk_for_the_library_below_the_engine(self):
        assert not [path for _name, path in administration() if "viewflow" in path]
