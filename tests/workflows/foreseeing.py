"""What a case and all the tables hold, to hold a prophecy against what then happens."""

from contextlib import contextmanager

from django.apps import apps
from django.utils.translation import override

from notifications.models import Letter
from workflows import foresight, tracking, work
from workflows.foresight import How
from workflows.models import Case, Deadline, Errand, WorkItem

LAW = {"Term", "Day", "Rung", "Permission", "ContentType", "Session"}


def everything():
    """Return every row of every table but the law's."""
    models = [m for m in apps.get_models() if m.__name__ not in LAW]
    return {m._meta.label: list(m.objects.order_by("pk").values()) for m in models}


class Position:
    """What of a case a prophecy speaks about, read without the help of its room."""

    def __init__(self, reference):
        case = Case.objects.select_related("party").get(reference=reference)
        self.case, self.state = case, case.state
        items = WorkItem.objects.filter(case=case, state__in=["open", "claimed"])
        self.open = {item.pk: told(item, case) for item in items.select_related("unit")}
        clocks = Deadline.objects.filter(case=case).select_related("term")
        self.running = {c.pk: (c.term.key, c.due_on) for c in clocks if c.ended_at is None}
        self.letters = {x.pk: x for x in Letter.objects.filter(about=reference)}
        self.errands = Errand.objects.filter(source=case).count()


def told(item, case):
    who = str(item.unit) if item.unit else case.party.name
    return tracking.title_of(item.kind, item.step), who, item.due_on


def came_true(foreseen, before, after):
    """Make sure that all that was foreseen happened, and nothing else."""
    assert foreseen.before.office == tracking.state_of(before.case, told_party=False)
    assert foreseen.after.office == tracking.state_of(after.case, told_party=False)
    assert foreseen.after.party == tracking.state_of(after.case, told_party=True)
    _steps_came_true(foreseen, before, after)
    _clocks_came_true(foreseen, before, after)
    _letters_came_true(foreseen, before, after)
    assert after.errands - before.errands == len(foreseen.elsewhere)
    has_ended = after.case.concluded_at is not None and before.case.concluded_at is None
    assert foreseen.ends == (has_ended or after.case.closed_at is not None)


def _steps_came_true(foreseen, before, after):
    opened = [after.open[pk] for pk in after.open.keys() - before.open.keys()]
    assert sorted((s.title, s.who, s.due_on) for s in foreseen.opening) == sorted(opened)
    closed = [before.open[pk][:2] for pk in before.open.keys() - after.open.keys()]
    assert sorted((s.title, s.who) for s in foreseen.closing) == sorted(closed)


def _clocks_came_true(foreseen, before, after):
    by_how = {how: [t for t in foreseen.turns if t.how == how] for how in How}
    ended = [before.running[pk][0] for pk in before.running.keys() - after.running.keys()]
    assert sorted(t.deadline.term.key for t in by_how[How.ENDS]) == sorted(ended)
    started = [after.running[pk] for pk in after.running.keys() - before.running.keys()]
    assert sorted(map(str, map(due, by_how[How.STARTS]))) == sorted(map(str, started))
    both = before.running.keys() & after.running.keys()
    moved = {after.running[pk] for pk in both if after.running[pk] != before.running[pk]}
    turned = {due(t) for how in (How.STANDS, How.RUNS, How.MOVES) for t in by_how[how]}
    assert moved <= turned


def due(turn):
    return turn.deadline.term.key, turn.clock.due.on


def _letters_came_true(foreseen, before, after):
    sent = [after.letters[pk] for pk in sorted(after.letters.keys() - before.letters.keys())]
    assert [draft.name for draft in foreseen.letters] == [letter.name for letter in sent]
    for draft, letter in zip(foreseen.letters, sent, strict=True):
        assert draft.html == letter.html.replace(letter.number, word("zh-hans"))
        assert draft.html_en == letter.html_en.replace(letter.number, word("en"))
        assert letter.number not in draft.html + draft.html_en
        people = letter.message_set.order_by("pk").values_list("to__display_name", flat=True)
        assert list(draft.people) == list(people)


def word(language):
    with override(language):
        return foresight._("[draft, not issued]")


@contextmanager
def foretold(monkeypatch, *, checked=lambda: None):
    """Foresee every completion in the block right before it is made, and compare the two."""
    really, seen = work.complete, []

    def completes(item_id, *, by, answers, at):
        reference = Case.objects.get(items=item_id).reference
        monkeypatch.setattr(work, "complete", really)
        before, rows = Position(reference), checked()
        foreseen = foresight.foresee(item_id, by=by, answers=answers, at=at)
        assert checked() == rows
        case = really(item_id, by=by, answers=answers, at=at)
        monkeypatch.setattr(work, "complete", completes)
        came_true(foreseen, before, Position(reference))
        seen.append(foreseen)
        return case

    monkeypatch.setattr(work, "complete", completes)
    yield seen
    monkeypatch.setattr(work, "complete", really)
