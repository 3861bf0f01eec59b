"""When a repair may be opened and by whom, what is known about it then, what its letters add."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from cases.repair import rules
from cases.repair.forms import applying, doubting, reorganising
from cases.repair.rules import Standard, Window
from cases.repair.states import Channel, Refusal, Repair, State
from records.models import Record, Subject
from workflows import policy
from workflows.calendar import ONE_DAY
from workflows.case_type import About, Door, Offer, Opener, Topic
from workflows.clock import months_after
from workflows.involved import authority_of, credit_office
from workflows.models import Role

_FAVOURABLE = "favourable_to_subject"
_ANEW = "anew"
_SHOWN = Record.Publication.PUBLISHED
_RESTORED = (State.REVOKED, State.UNSHIELDED)
_ENDING = (Record.Kind.PENALTY, Record.Kind.LIST_ENTRY)


def offer(topic: Topic, *, on: date) -> Offer:
    """Tell whether repair of a record may be asked for on a day, and why."""
    record = _record(topic)
    if record.kind not in rules.REPAIRABLE:
        told = _("Only penalties and entries on a list are repaired; this is not a breach.")
        return Offer(False, (told,))
    channel, standard = _standard(record, on)
    window = _window(record, standard) if standard else None
    bar = _bar(record.subject, channel, on)
    hindrance = next(_hindrances(record, window, bar, on), "")
    return Offer(
        possible=not hindrance,
        reasons=(hindrance or _possible(window),),
        opens_on=_opens_on(window, bar),
        closes_on=window.longest_end if window else None,
        grade=str(standard.grade.label) if standard and standard.grade else "",
        basis=standard.shortest.basis if standard else "",
        certainty=standard.shortest.certainty if standard else "",
    )


def offer_shield(topic: Topic, *, on: date) -> Offer:
    """Tell whether a court's ruling on a reorganisation may shield a record."""
    record = _record(topic)
    channel = _channel(record, on)
    key = f"repair.{channel}.bankruptcy"
    if record.kind not in rules.REPAIRABLE or not policy.edition(on).has(key):
        return Offer(False, (_("No rule in force shields this record in a reorganisation."),))
    rule = policy.term(key, on=on)
    bar = _bar(record.subject, channel, on)
    if record.publication != _SHOWN or bar:
        return Offer(False, (_barred(bar) if bar else _not_shown(),))
    told = _("A court's ruling that approves a reorganisation plan shields the record.")
    return Offer(True, (told,), basis=rule.basis, certainty=rule.certainty)


def offer_falsehood(topic: Topic, *, on: date) -> Offer:
    """Tell whether a completed repair may be questioned because it rests on something false."""
    source = topic.source
    if source is None or source.kind != "repair" or source.typed.state != State.REPAIRED:
        return Offer(False, (_("Only a completed repair can be revoked."),))
    if _record(topic).publication != Record.Publication.STOPPED or not _is_last(source):
        return Offer(False, (_("The record has been shown again since."),))
    told = _("The party is heard before anything is decided.")
    return Offer(True, (told,), basis=_restoring(_channel(_record(topic), on), on).basis)


def offer_end(topic: Topic, *, on: date) -> Offer:
    """Tell whether the longest period of a shown record is over."""
    record = _record(topic)
    standard = _standard(record, on)[1]
    if standard is None or record.publication != _SHOWN:
        return Offer(False, (_not_shown(),))
    last = _window(record, standard).longest_end
    told = _("The longest publication period ended on %(last)s.") % {"last": date_format(last)}
    return Offer(on > last, (told,), closes_on=last, basis=standard.longest.basis)


def ended(*, on: date) -> Iterable[Topic]:
    """Return the shown records whose longest period is over and which nobody looks after.

    Asked every day; a record found unfulfilled is asked about again after a while.
    """
    with policy.reading():
        over = [record for record in _candidates(on).iterator() if _may_be_over(record, on)]
        topics = [Topic(record.subject, record) for record in over]
        return [topic for topic in topics if offer_end(topic, on=on).possible]


DOORS = (
    Door(
        name="opened",
        title=gettext_lazy("Apply for credit repair"),
        opener=Opener.PARTY,
        about=About.RECORD,
        offer=offer,
        form=applying.Application,
    ),
    Door(
        name="reorganised",
        title=gettext_lazy("Ask for a shield during a court reorganisation"),
        opener=Opener.PARTY,
        about=About.RECORD,
        offer=offer_shield,
        form=reorganising.ShieldApplication,
    ),
    Door(
        name="doubted",
        title=gettext_lazy("Report that a repair rests on something false"),
        opener=Opener.AUTHORITY,
        about=About.CASE,
        offer=offer_falsehood,
        form=doubting.Suspicion,
    ),
    Door(
        name="expired",
        title=gettext_lazy("End of the longest publication period"),
        opener=Opener.SERVICE,
        about=About.RECORD,
        offer=offer_end,
        found=ended,
    ),
)


def prepare(case: Repair, topic: Topic) -> None:
    """Work out whose rules apply, how grave the breach is and how long it is shown at most."""
    record = _record(topic)
    case.channel, standard = _standard(record, case.governed_on)
    if standard:
        case.grade = standard.grade or ""
        case.period_basis = standard.shortest.basis
        case.shown_until = _window(record, standard).longest_end
    case.fulfilled_on = case.fulfilled_on or record.fulfilled_on
    if topic.source is not None:
        _prepare_revocation(case, topic.source.typed, standard)


def units(_case: Repair, topic: Topic) -> dict[Role, Unit]:
    """Return who takes part: the credit office, and the authority that made the finding."""
    return {Role.OFFICE: credit_office(), Role.FINDER: authority_of(_record(topic))}


def letter_facts(case: Repair) -> dict[str, Any]:
    """Return what the letters of a repair say beyond what all letters say."""
    assert case.record is not None
    terms = policy.edition(case.governed_on)
    instrument = f"repair.{case.channel}.instrument"
    return {
        "reasons": [Refusal(case.refusal_code)] if case.refusal_code else [],
        "places": case.record.showings.order_by("id"),
        "instrument": {
            "zh": terms.term(instrument).value,
            "en": terms.term(f"{instrument}.en").value,
        },
        "listed": case.record.kind != Record.Kind.PENALTY,
        "may_apply_on": case.barred_until and case.barred_until + ONE_DAY,
    }


def _prepare_revocation(case: Repair, source: Repair, standard: Standard | None) -> None:
    terms = policy.edition(case.governed_on)
    bar = f"repair.{case.channel}.bar"
    case.hidden_on = source.hidden_on or _record_of(source).repaired_on
    case.shown_until = source.shown_until or case.shown_until or case.hidden_on
    case.bar_months = terms.number(bar) if terms.has(bar) else 0
    if standard and _restoring(Channel(case.channel), case.governed_on).value == _ANEW:
        case.counted_anew = int(standard.longest.value)


def _is_last(source: Any) -> bool:
    later = Repair.objects.filter(record=source.record_id, pk__gt=source.pk)
    return not later.exclude(state__in=(State.UPHELD, State.WITHDRAWN, State.LAPSED)).exists()


def _restoring(channel: Channel, on: date) -> Any:
    return policy.term(f"repair.{channel}.restored", on=on)


def _record(topic: Topic) -> Record:
    return topic.record or _record_of(topic.source)


def _record_of(source: Any) -> Record:
    record: Record = source.record
    return record


def _channel(record: Record, on: date) -> Channel:
    unit = policy.unit_code(record.authority_code)
    return rules.channel_of(unit, policy.edition(on).items("repair.samr.units"))


def _standard(record: Record, on: date) -> tuple[Channel, Standard | None]:
    """Return whose rules apply and what they make of a record.

    Of a record older than the edition the milder of both counts, where the office says so.
    """
    channel, terms = _channel(record, on), policy.edition(on)
    now = rules.standard(record, channel, terms)
    favours = "repair.transition_old_records"
    if now is None or not terms.has(favours) or terms.term(favours).value != _FAVOURABLE:
        return channel, now
    if not rules.is_older(record, now):
        return channel, now
    then = rules.standard(record, channel, policy.edition(record.decided_on))
    return channel, rules.milder(now, then)


def _window(record: Record, standard: Standard) -> Window:
    """Return how long a record is shown; one shown again goes on with its restored period."""
    restored = _restored().get(record.pk)
    since, until = record.decided_on, None
    if restored is not None:
        until = restored.restored_until
        since = (restored.counted_anew and restored.shown_again_on) or since
    months = int(standard.shortest.value), int(standard.longest.value)
    return Window(*months, counted_from=since, until=until)


def _bar(subject: Subject, channel: Channel, on: date) -> date | None:
    return _barred_parties(on).get((subject.pk, str(channel)))


def _barred_parties(on: date) -> dict[tuple[int, str], date]:
    """Return the latest bar on each party that holds on a day."""
    revoked = (repair for repair in _all_restored() if repair.state == State.REVOKED)
    told = [(r.barred_until, r.party_id, str(r.channel)) for r in revoked if r.barred_until]
    return {(party, channel): until for until, party, channel in sorted(told) if until >= on}


def _restored() -> dict[int, Repair]:
    """Return the last restoring repair of each record that was shown again."""
    return {repair.record_id: repair for repair in _all_restored() if repair.record_id}


def _all_restored() -> list[Repair]:
    """Return, oldest first, what ended with a record shown again: few, and asked for at once."""
    return policy.remembered(
        "repairs restored", lambda: list(Repair.objects.filter(state__in=_RESTORED).order_by("pk"))
    )


def _opens_on(window: Window | None, bar: date | None) -> date | None:
    days = [window.opens_on] if window else []
    return max([*days, *([bar + ONE_DAY] if bar else [])], default=None)


def _hindrances(record: Record, window: Window | None, bar: date | None, on: date) -> Iterator[str]:
    """Yield, in the order in which they count, what keeps a record from being repaired."""
    if record.publication == Record.Publication.STOPPED:
        yield _not_shown()
    if bar:
        yield _barred(bar)
    if window:
        yield from _untimely(window, on)
    if other := _bars_samr(record, on):
        yield _("%(number)s stands in the way: a further penalty, or an entry on a list.") % {
            "number": other.document_number
        }


def _untimely(window: Window, on: date) -> Iterator[str]:
    said = {
        "end": date_format(window.shortest_end),
        "first": date_format(window.opens_on),
        "last": date_format(window.longest_end),
    }
    if on > window.longest_end:
        yield _("The longest publication period ended on %(last)s.") % said
    if on < window.opens_on:
        told = _(
            "The shortest publication period ends on %(end)s. You can apply from %(first)s on."
        )
        yield told % said


def _possible(window: Window | None) -> str:
    if window is None:
        return _("You can apply as soon as the condition of removal is met.")
    told = _("The shortest publication period ended on %(end)s. You can apply now.")
    return told % {"end": date_format(window.shortest_end)}


def _not_shown() -> str:
    return _("The record is no longer published; there is nothing to repair.")


def _barred(bar: date) -> str:
    told = _("A repair was revoked for falsehood (R6). You can apply again from %(first)s on.")
    return told % {"first": date_format(bar + ONE_DAY)}


def _bars_samr(record: Record, on: date) -> Record | None:
    screens = policy.edition(on).has("repair.samr.screen")
    if _channel(record, on) != Channel.SAMR or not screens:
        return None
    samr = [
        o for o in record.subject.shown if o.pk != record.pk and _channel(o, on) == Channel.SAMR
    ]
    return next((other for other in samr if rules.bars_samr(other, record)), None)


def _may_be_over(record: Record, on: date) -> bool:
    """Test without a question to the database; a restored period only ends later."""
    standard = _standard(record, on)[1]
    if standard is None:
        return False
    return months_after(record.decided_on, int(standard.longest.value)) < on


def _candidates(on: date) -> Any:
    """Return the records that may have ended, without those that a repair looks after."""
    asked_since = months_after(on, -policy.edition(on).number("repair.kept.ask_again"))
    asked = Q(state=State.KEPT, closed_at__date__gt=asked_since)
    cared_for = Repair.objects.filter(Q(closed_at=None) | asked).values("record")
    here = Unit.objects.values("credit_code")
    shown = Record.objects.filter(publication=_SHOWN, kind__in=_ENDING, authority_code__in=here)
    return shown.exclude(pk__in=cared_for).select_related("subject").order_by("decided_on", "pk")
