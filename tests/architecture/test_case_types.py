"""Every folder under ``cases/`` is whole: parts, letters, terms, states, moves, stored names."""

import csv
import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from workflows import policy
from workflows.case_type import Opener, case_type, case_types
from workflows.flow import Ask, Closed, Decide, Opened, Transition, Work

ROOT = Path(__file__).parents[2]
STORED_NAMES = Path(__file__).parent / "stored_names.txt"
LEGAL_BASIS = ROOT / "docs" / "legal-basis.md"
TODAY = date(2026, 11, 22)
PARTS = ("apps", "states", "flow", "opening", "rules", "forms")
BY_VERB = {"withdraw"}  # moves that a verb of the engine makes, not a node of a flow
NOT_LETTERS = {"titles.csv"}
# What cases are about, where it is no record, and the operators' tables of it.
MAY_BE_THERE = {"register.py", "items.csv", "admin.py"}
TYPES = [type_.label for type_ in case_types()]


@pytest.fixture(params=TYPES)
def kind(request):
    return case_type(request.param)


def nodes(kind, *classes):
    return [node for node in kind.flow.instance.nodes() if isinstance(node, classes)]


def moves(kind):
    return list(kind.record._meta.get_field("state").get_all_transitions(kind.record))


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def filled_in(key, kind):
    """Return a key for every choice of the fact it names, or the key itself where it names none."""
    named = re.search(r"\{case\.(\w+)\}", key)
    if named is None:
        return [key]
    choices = kind.record._meta.get_field(named[1]).choices
    return [key.replace(named[0], value) for value, _label in choices]


def sent_by_verb(kind):
    """Return the letters that no node of the flow sends: the receipt, and that of a withdrawal."""
    by_party = any(door.opener == Opener.PARTY for door in kind.doors.values())
    return ({"receipt"} if by_party else set()) | ({"withdrawn"} if withdraws(kind) else set())


def withdraws(kind):
    return any(move.name == "withdraw" for move in moves(kind))


def overrun_moves(kind):
    """Return the moves that the service makes when a step is late."""
    return {node.overrun.move.__name__ for node in nodes(kind, Work) if node.overrun}


def clocks(kind):
    """Return the key of every clock the flow starts, pauses or ends, for every channel."""
    keys = {node.due for node in nodes(kind, Work, Ask)}
    keys |= {key for node in nodes(kind, Opened) for key in (*node.clocks, *node.promised)}
    keys |= {node.overrun.key for node in nodes(kind, Work) if node.overrun}
    for node in nodes(kind, Transition):
        keys |= {*node.pauses, *node.resumes, *node.ends}
    return {name for key in keys for name in filled_in(key, kind)}


class TestAFolder:
    def test_is_installed_and_every_folder_is(self):
        folders = {path.parent.name for path in (ROOT / "cases").glob("*/__init__.py")}

        assert folders == set(TYPES) != set()

    def test_has_every_part_with_a_plate_on_its_door(self, kind):
        for part in PARTS:
            module = import_module(f"{kind.name}.{part}")
            assert part == "apps" or (module.__doc__ or "").strip(), part
        assert (kind.folder / "terms.csv").is_file()
        assert (kind.folder / "letters").is_dir()
        assert (kind.folder / "migrations" / "__init__.py").is_file()
        assert list((kind.folder / "migrations").glob("0001_*.py"))

    def test_has_nothing_else(self, kind):
        there = {path.name for path in kind.folder.iterdir() if path.name != "__pycache__"}
        known = {f"{part}.py" for part in PARTS if part != "forms"}

        whole = known | {"__init__.py", "terms.csv", "forms", "letters", "migrations"}
        assert there - MAY_BE_THERE == whole

    def test_says_what_it_is_and_on_what_ground(self, kind):
        assert re.fullmatch("[A-Z]{2}", kind.prefix)
        assert kind.legal_basis
        with override("zh-hans"):
            assert kind.verbose_name
        for function in ("prepare", "units", "letter_facts"):
            assert callable(getattr(kind.opening, function))

    def test_has_a_door_for_every_start_of_its_flow(self, kind):
        starts = {node.name for node in nodes(kind, Opened)}

        assert set(kind.doors) == starts
        for door in kind.doors.values():
            assert callable(door.offer)
            assert door.form or door.opener == Opener.SERVICE

    def test_has_a_prefix_of_its_own(self):
        prefixes = [type_.prefix for type_ in case_types()]

        assert len(set(prefixes)) == len(prefixes)


class TestLetters:
    def test_are_sent_and_written_and_titled_or_none_of_these(self, kind):
        sent = {node.letter for node in nodes(kind, Transition) if node.letter} | sent_by_verb(kind)
        files = {path.name for path in (kind.folder / "letters").iterdir()}
        whole = {n for n in files if n.endswith(".html") and not n.startswith("_")}
        chinese = {name.removesuffix(".html") for name in whole if not name.endswith(".en.html")}
        english = {name.removesuffix(".en.html") for name in whole if name.endswith(".en.html")}

        assert sent == chinese == english == set(kind.letters)
        assert files >= NOT_LETTERS

    def test_use_every_part_that_is_shared(self, kind):
        folder = kind.folder / "letters"
        text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))

        assert [path.name for path in folder.glob("_*") if f'"{path.name}"' not in text] == []

    def test_have_a_title_in_both_languages_and_a_series(self, kind):
        for letter in kind.letters.values():
            assert letter.series
            assert re.search("[\u4e00-\u9fff]", letter.title)
            assert letter.title_en.isascii()

    def test_that_refuse_say_the_remedies(self, kind):
        for node in nodes(kind, Transition):
            if node.letter and node.move in ("refuse", "decline"):
                text = (kind.folder / "letters" / f"{node.letter}.html").read_text(encoding="utf-8")
                assert "remedies" in text, node.letter


class TestTerms:
    def test_are_in_force_today_for_every_clock_of_every_channel(self, kind, law):
        edition = policy.edition(TODAY)
        for key in clocks(kind):
            period = edition.term(key).period
            assert period.basis, key
            assert period.certainty, key

    def test_of_its_clocks_start_with_something_that_happens(self, kind):
        happens = {"received", *(move.name for move in moves(kind))}
        happens |= {f"served_{letter.name}" for letter in kind.letters.values() if letter.served}
        started = [row for row in rows(kind.folder / "terms.csv") if row["key"] in clocks(kind)]

        assert started
        for row in started:
            assert row["starts"], row["key"]
            assert set(row["starts"].split()) <= happens, row["key"]

    def test_begin_with_the_name_of_their_type(self, kind):
        keys = {row["key"] for row in rows(kind.folder / "terms.csv")}

        assert [key for key in keys if not key.startswith(f"{kind.label}.")] == []

    def test_are_paused_only_if_they_are_resumed_and_the_other_way_round(self, kind):
        paused = {key for node in nodes(kind, Transition) for key in node.pauses}
        resumed = {key for node in nodes(kind, Transition) for key in node.resumes}

        assert paused == resumed


class TestStates:
    def test_are_all_reached_from_the_first(self, kind):
        reached = {"received"}
        for _state in kind.states:
            reached |= {str(move.target) for move in moves(kind) if str(move.source) in reached}

        assert reached == set(map(str, kind.states))

    def test_are_told_to_the_party_and_to_the_office_in_both_languages(self, kind):
        assert set(kind.told) == set(map(str, kind.states))
        for state in kind.states:
            for told in (kind.told[state], kind.states[state]):
                english, chinese = _in("en", told), _in("zh-hans", told)
                assert english.isascii(), state
                assert re.search("[\u4e00-\u9fff]", chinese), f"{state}: {english}"

    def test_change_only_by_moves_that_the_flow_or_a_verb_makes(self, kind):
        made = [node.move for node in nodes(kind, Transition)]

        by_verb = overrun_moves(kind) | (BY_VERB if withdraws(kind) else set())
        assert {*made, *by_verb} == {move.name for move in moves(kind)}

    def test_can_always_be_left_until_they_are_final(self, kind):
        final = set(map(str, kind.states)) - {str(move.source) for move in moves(kind)}
        lead_on = {
            node.name
            for node in nodes(kind, Transition)
            for move in moves(kind)
            if move.name == node.move and str(move.target) in final
        }
        ends = {edge.src.name for edge in kind.flow.closed._incoming()}

        assert lead_on == ends, "a final move leads to the end, and nothing else does"


class TestTheRoute:
    def test_leads_from_every_node_to_the_end(self, kind):
        follows = {
            node.name: {edge.dst.name for edge in node._outgoing()}
            for node in kind.flow.instance.nodes()
        }
        reached = set()
        ahead = {node.name for node in nodes(kind, Closed)}
        while ahead - reached:
            reached |= ahead
            ahead = {name for name, to in follows.items() if to & reached}

        assert set(follows) == reached

    def test_is_walked_in_every_part(self, kind):
        follows = {
            node.name: {edge.dst.name for edge in node._outgoing()}
            for node in kind.flow.instance.nodes()
        }
        walked, ahead = set(), {node.name for node in nodes(kind, Opened)}
        while ahead:
            walked |= ahead
            ahead = set().union(*(follows[name] for name in ahead)) - walked

        assert walked == set(follows)

    def test_says_at_every_step_what_it_is_and_why_one_waits(self, kind):
        for node in nodes(kind, Work, Ask):
            for said in (node.form.title, node.form.why):
                assert _in("en", said).isascii(), node.name
                assert re.search("[\u4e00-\u9fff]", _in("zh-hans", said)), node.name

    def test_names_only_steps_of_its_own_in_the_rule_of_two_persons(self, kind):
        steps = {node.name for node in nodes(kind, Work)}

        for node in nodes(kind, Work):
            assert set(node.not_by) <= steps - {node.name}

    def test_asks_rules_that_answer_yes_or_no(self, kind):
        for node in nodes(kind, Decide):
            assert re.match("is_|has_|may_", node.rule.__name__), node.name
            assert node.rule.__annotations__["return"] in (bool, "bool"), node.name

    def test_has_the_names_that_stored_tasks_know_it_by(self):
        # Rows hold these names. To rename one, ship a migration and change the file.
        named = [
            f"{type_.label}/flow.{flow.__name__}.{node.name}"
            for type_ in case_types()
            for flow in type_.flows.values()
            for node in flow.instance.nodes()
        ]
        stored = STORED_NAMES.read_text(encoding="utf-8").split()

        assert sorted(named) == sorted(stored)


class TestTheLegalBasis:
    def test_of_every_term_has_a_line_in_the_document(self):
        text = LEGAL_BASIS.read_text(encoding="utf-8")
        cited = {row["basis"] for path in _term_files() for row in rows(path)}

        assert [basis for basis in sorted(cited) if f"| {basis} |" not in text] == []

    def test_of_the_document_is_cited_by_a_term(self):
        text = LEGAL_BASIS.read_text(encoding="utf-8").split("## ")[1]
        lines = [line.split("|")[1].strip() for line in text.splitlines() if line[:2] == "| "]
        cited = {row["basis"] for path in _term_files() for row in rows(path)}

        assert set(lines) - {"basis in the data"} == cited

    def test_is_as_certain_as_a_known_tag_says(self):
        text = LEGAL_BASIS.read_text(encoding="utf-8")
        tags = {row["certainty"] for path in _term_files() for row in rows(path)}

        assert [tag for tag in sorted(tags) if f"| `{tag}` |" not in text] == []


def _term_files():
    return [policy.LAW / "terms.csv", *(type_.folder / "terms.csv" for type_ in case_types())]


def _in(language, text):
    with override(language):
        return gettext(str(text)) if isinstance(text, str) else str(text)
