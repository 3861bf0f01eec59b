"""Drafts: their writer's alone, saved question by question, gone with the form or after a while."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import User
from forms import drafts, tasks
from forms.models import Draft
from tests.conftest import SHANGHAI

AT = dt.datetime(2026, 9, 29, 14, 2, tzinfo=SHANGHAI)
HERE = "/records/12/apply/repair/"


@pytest.fixture
def wei(db):
    return User.objects.create_user("wei")


@pytest.fixture
def other(db):
    return User.objects.create_user("other")


class TestADraft:
    def test_keeps_what_was_answered_before_and_replaces_what_is_answered_anew(self, wei):
        drafts.save(wei, HERE, {"a": ["1"], "b": ["2"]}, at=AT, title="A", page="one")
        kept = drafts.save(wei, HERE, {"b": [], "c": ["3", "4"]}, at=AT, title="A", page="two")

        assert kept.answers == {"a": ["1"], "b": [], "c": ["3", "4"]}
        assert kept.page == "two"
        assert drafts.as_data(kept).getlist("c") == ["3", "4"]
        assert "b" not in drafts.as_data(kept)
        assert Draft.objects.count() == 1

    def test_is_its_writers_alone(self, wei, other):
        mine = drafts.save(wei, HERE, {"a": ["1"]}, at=AT)

        assert drafts.read(other, HERE) is None
        assert drafts.of_writer(other) == []
        assert drafts.drop(other, mine.pk) is None
        assert drafts.of_writer(wei) == [mine]
        assert drafts.drop(wei, mine.pk) == mine
        assert not Draft.objects.exists()

    def test_takes_in_what_the_database_could_not_keep(self, wei):
        kept = drafts.save(wei, HERE, {"a": ["ein\0s"]}, at=AT, title="长" * 300, page="p" * 60)

        assert kept.answers == {"a": ["eins"]}
        assert len(Draft.objects.get().title) == 200

    def test_of_an_absurd_number_is_not_there(self, wei):
        assert drafts.drop(wei, 10**30) is None


class TestHandingIn:
    def test_drops_the_draft_with_what_it_does(self, wei):
        drafts.save(wei, HERE, {"a": ["1"]}, at=AT)
        with drafts.handing_in(wei, HERE):
            pass

        assert drafts.read(wei, HERE) is None

    def test_keeps_the_draft_if_it_is_refused(self, wei):
        drafts.save(wei, HERE, {"a": ["1"]}, at=AT)
        with pytest.raises(ValueError, match="no"), drafts.handing_in(wei, HERE):
            raise ValueError("no")

        assert drafts.read(wei, HERE) is not None

    def test_drops_it_in_the_same_transaction(self, wei):
        drafts.save(wei, HERE, {"a": ["1"]}, at=AT)
        with transaction.atomic():
            with drafts.handing_in(wei, HERE):
                pass
            transaction.set_rollback(True)

        assert drafts.read(wei, HERE) is not None


class TestTheNightlyTask:
    def test_forgets_drafts_nobody_has_gone_on_with(self, wei, monkeypatch):
        old = AT - dt.timedelta(days=settings.DRAFT_KEEP_DAYS, seconds=1)
        drafts.save(wei, "/asked/1/", {"a": ["1"]}, at=old)
        drafts.save(wei, HERE, {"a": ["1"]}, at=old + dt.timedelta(seconds=2))
        monkeypatch.setattr("forms.tasks.now", lambda: AT)

        assert tasks.forget_drafts() == 1
        assert [draft.about for draft in drafts.of_writer(wei)] == [HERE]
