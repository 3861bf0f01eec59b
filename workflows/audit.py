"""The log: what was done, by whom, when and on what ground; one hash chain per case."""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.dispatch import receiver
from django.utils.timezone import localdate
from django_fsm.signals import post_transition

from workflows import acts
from workflows.acts import Act, current_act
from workflows.clock import Event
from workflows.models import Case, Entry, Sealed

GENESIS = "0" * 64
SERVICE = "service"
SEALED_BY_HASH = ("stream", "seq", "kind", "by", "on_behalf_of", "at", "basis", "detail", "sealed")
COUNTER = "counter"
# What a party does itself, and may have entered for it at the counter.
_BROUGHT = frozenset({"received", "completed", "withdraw"})
_BEGIN = "SET LOCAL lock_timeout = '10s'; SET LOCAL xinban.act = 'on'"


@dataclass
class _Unwritten:
    entry: Entry
    values: list[Sealed]


@contextmanager
def act(*, by: Any, at: datetime) -> Iterator[Act]:
    """Run the block as one act in one transaction and write its entries at the end.

    ``by`` is a user, or ``None`` for the service itself. Commits, or undoes everything.
    """
    with transaction.atomic(), acts.acting(by=by, at=at) as running:
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN)
        yield running
        _say_who_came(running)
        _write(running.unwritten)


def record(
    kind: str,
    about: Case | str,
    *,
    basis: str = "",
    detail: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    """Append one event to the log of a case, or of a stream with a name.

    Values in ``personal`` enter the chain as salted commitments only.

    :raises LookupError: outside an act
    """
    running = current_act()
    entry = Entry(
        stream=str(about),
        kind=kind,
        by=_name_of(running.by),
        on_behalf_of=_name_of(running.on_behalf_of) if running.on_behalf_of else "",
        at=running.at,
        basis=basis,
        detail=detail or {},
    )
    values = [_seal(entry, name, value) for name, value in (personal or {}).items()]
    running.unwritten.append(_Unwritten(entry, values))


def written(case: Case) -> list[Event]:
    """Return the events of a case that are in its log, as its clocks hear them."""
    entries = Entry.objects.filter(stream=case.reference).order_by("seq")
    return [heard(entry) for entry in entries.only("kind", "at", "detail")]


def written_in(references: Iterable[str]) -> dict[str, list[Event]]:
    """Return the events of several cases by their numbers; one query for all of them."""
    entries = Entry.objects.filter(stream__in=set(references)).order_by("stream", "seq")
    found: dict[str, list[Event]] = defaultdict(list)
    for entry in entries.only("stream", "kind", "at", "detail"):
        found[entry.stream].append(heard(entry))
    return found


def unwritten(case: Case) -> list[Event]:
    """Return the events of a case that the running act has yet to write."""
    waiting = [note.entry for note in current_act().unwritten]
    return [heard(entry) for entry in waiting if entry.stream == case.reference]


def verify(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield each entry, in the order of its stream, that does not fit the chain, and why."""
    stream, seq, head = "", 0, GENESIS
    for entry in entries:
        if entry.stream != stream:
            stream, seq, head = entry.stream, 0, GENESIS
        seq += 1
        if problem := _problem(entry, seq, head):
            yield entry, problem
        seq, head = entry.seq, entry.hash


def commitment(salt: str, value: Any) -> str:
    """Return the salted commitment to a personal value."""
    return hashlib.sha256(f"{salt}|{canonical(value)}".encode()).hexdigest()


def canonical(value: Any) -> str:
    """Return the one way to write a value as JSON: sorted keys, no spaces, no escapes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(entry: Entry) -> str:
    """Return the hash of an entry over the one before it and its own content."""
    content = {name: getattr(entry, name) for name in SEALED_BY_HASH}
    content["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{entry.previous}|{canonical(content)}".encode()).hexdigest()


def _say_who_came(running: Act) -> None:
    """Add to what was brought to the counter that it was, its files and, sealed, by whom."""
    if running.brought is None:
        return
    told = {"came_in": COUNTER, "files": sorted(running.brought.files)}
    for note in running.unwritten:
        if note.entry.kind in _BROUGHT:
            note.entry.detail |= told
            note.values += [_seal(note.entry, *who) for who in running.brought.who.items()]


def _problem(entry: Entry, seq: int, head: str) -> str:
    if entry.seq != seq:
        return f"number {seq} is missing"
    if entry.previous != head:
        return "it does not follow the entry before it"
    if entry.hash != digest(entry):
        return "it was changed after it was written"
    broken = [v.name for v in entry.values.all() if not _is_kept(entry, v)]
    return f"sealed values were changed: {', '.join(broken)}" if broken else ""


def _is_kept(entry: Entry, value: Sealed) -> bool:
    return bool(entry.sealed.get(value.name) == commitment(value.salt, value.value))


def _name_of(by: Any) -> str:
    return f"user:{by.pk}" if by is not None else SERVICE


def _seal(entry: Entry, name: str, value: Any) -> Sealed:
    salt = secrets.token_hex(16)
    entry.sealed[name] = commitment(salt, value)
    return Sealed(entry=entry, name=name, salt=salt, value=value)


def heard(entry: Entry) -> Event:
    """Return an entry as the clocks hear it."""
    return Event(entry.kind, localdate(entry.at), entry.detail)


def _write(notes: list[_Unwritten]) -> None:
    heads = _heads({note.entry.stream for note in notes})
    for note in notes:
        _chain(note.entry, heads)
    Entry.objects.bulk_create([note.entry for note in notes])
    values = [value for note in notes for value in note.values]
    if values:
        Sealed.objects.bulk_create(values)


def _chain(entry: Entry, heads: dict[str, tuple[int, str]]) -> None:
    seq, head = heads.get(entry.stream, (0, GENESIS))
    entry.seq, entry.previous = seq + 1, head
    entry.hash = digest(entry)
    heads[entry.stream] = (entry.seq, entry.hash)


def _heads(streams: set[str]) -> dict[str, tuple[int, str]]:
    last = Entry.objects.filter(stream__in=streams).order_by("stream", "-seq").distinct("stream")
    return {
        stream: (seq, hash_) for stream, seq, hash_ in last.values_list("stream", "seq", "hash")
    }


@receiver(post_transition)
def _record_move(instance: Case, name: str, source: str, target: str, **_: Any) -> None:
    as_of = getattr(instance, "moved_as_of", None)
    counted = {"as_of": as_of.isoformat()} if as_of else {}
    record(name, instance, detail={"from": source, "to": target, **counted})
