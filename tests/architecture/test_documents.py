"""The documents speak of this house: what they name exists, and their example is what happens."""

import ast
import builtins
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db.models import Model
from django.utils.translation import override
from viewflow.workflow import flow as viewflow_nodes

from accounts.models import Duty
from tests.cases.test_repair import at
from web.management.people import PASSWORD, PEOPLE
from workflows import policy, wording
from workflows.case_type import case_types
from workflows.models import Deadline, Entry, Role

ROOT = Path(settings.BASE_DIR)
DOCS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
READMES = DOCS[:2]
README = READMES[0]
ROOMS = ("accounts", "cases", "config", "forms", "notifications", "records", "web", "workflows")
MADE = {"var", "build"}
TOP = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."} - MADE
PLACES = (
    "",
    *(f"{room}." for room in ROOMS),
    "cases.repair.",
    "web.management.",
    "workflows.proof.",
)
# Made by `make flows`; and told as an example of what is yet to be written.
NOT_THERE = {"docs/flows"}
EXAMPLES = {"RepairFlow2"}
FILE = re.compile(r"[\w.-]+\.(?:py|csv|md|txt|toml|html|po|mo|in)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

each_document = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
each_readme = pytest.mark.parametrize("doc", READMES, ids=["english", "chinese"])


def text_of(doc: Path) -> str:
    return doc.read_text(encoding="utf-8")


def code_of(doc: Path) -> list[str]:
    """Return what stands in code type: spans, and the lines of blocks."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text_of(doc), re.S | re.M)
    return [*spans_of(doc), *(line for block in blocks for line in block.splitlines())]


def spans_of(doc: Path) -> list[str]:
    prose = re.sub(r"^ *```.*?^ *```", "", text_of(doc), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", prose)


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return [(path, ast.parse(text_of(path))) for path in paths]


@cache
def classes() -> frozenset[str]:
    nodes = (node for _path, tree in trees() for node in ast.walk(tree))
    return frozenset(node.name for node in nodes if isinstance(node, ast.ClassDef))


@cache
def words() -> frozenset[str]:
    """Return every name the code gives to anything, and every value it stores."""
    nodes = [node for _path, tree in trees() for node in ast.walk(tree)]
    given = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    given |= {node.id for node in nodes if isinstance(node, ast.Name)}
    given |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return frozenset(
        given | {s for s in stored if isinstance(s, str)} | {p.stem for p, _ in trees()}
    )


@cache
def keys() -> frozenset[str]:
    """Return the key of every rule value."""
    files = [policy.LAW / "terms.csv", *(ROOT / "cases").glob("*/terms.csv")]
    return frozenset(line.split(",")[0] for path in files for line in text_of(path).splitlines())


def terms_of_the_glossary() -> Iterator[tuple[str, str]]:
    for line in text_of(ROOT / "docs" / "glossary.md").splitlines():
        if found := re.match(r"\| `([^`]+)` \| ([^|]*) \|", line):
            yield found[1], found[2]


def resolves(dotted: str) -> bool:
    """Test that a dotted name leads somewhere: a module, a class of ours, or what they hold."""
    first, *rest = dotted.split(".")
    return any(_leads_on(found, rest) for found in _found(first))


def _found(first: str) -> Iterator[object]:
    for place in PLACES:
        try:
            yield import_module(place + first)
        except ImportError:
            continue
    for path, tree in trees():
        if any(isinstance(n, ast.ClassDef) and n.name == first for n in tree.body):
            yield getattr(import_module(_module(path)), first)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _leads_on(found: object, rest: list[str]) -> bool:
    for name in rest:
        if isinstance(found, type) and issubclass(found, Model) and name in _columns(found):
            return True
        if hasattr(found, "__path__") and (module := _submodule(found, name)):
            found = module
        elif hasattr(found, name) or name in getattr(found, "__annotations__", ()):
            found = getattr(found, name, None)
        else:
            return False
    return True


def _submodule(package: object, name: str) -> object | None:
    try:
        return import_module(f"{package.__name__}.{name}")  # type: ignore[attr-defined]
    except ImportError:
        return None


def _columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields()}


@each_document
class TestWhatADocumentNames:
    def test_is_a_verb_of_make(self, doc):
        named = {
            verb for code in code_of(doc) for verb in re.findall(r"\bmake ([a-z][\w-]*)", code)
        }
        verbs = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.M))

        assert named - verbs == set()

    def test_is_a_command(self, doc):
        code = code_of(doc)
        named = {word for line in code for word in re.findall(r"manage\.py ([a-z]\w*)", line)}

        assert named - set(get_commands()) == set()

    def test_is_a_path_that_exists(self, doc):
        paths = [span.split("#")[0] for span in spans_of(doc) if span.split("/")[0] in TOP]
        missing = [path for path in paths if "/" in path and not _exists(path)]

        assert missing == []

    def test_is_a_file_that_exists(self, doc):
        files = {span for span in spans_of(doc) if FILE.fullmatch(span)}
        known = {path.name for top in TOP for path in (ROOT / top).rglob("*")}

        assert files - known - {path.name for path in ROOT.iterdir()} == set()

    def test_is_a_module_a_class_or_what_they_hold(self, doc):
        dotted = [span.partition("(")[0] for span in spans_of(doc)]
        dotted = [name for name in dotted if re.fullmatch(r"\w+(\.\w+)+", name)]
        dotted = [name for name in dotted if not FILE.fullmatch(name) and name not in keys()]
        ours = [name for name in dotted if _is_ours(name) and name not in words()]

        assert [name for name in ours if not resolves(name)] == []

    def test_is_a_class(self, doc):
        named = {span for span in spans_of(doc) if re.fullmatch(r"[A-Z][a-z]+[A-Za-z]*", span)}
        foreign = {name for name in named if hasattr(builtins, name)}
        foreign |= {name for name in named if hasattr(viewflow_nodes, name)}
        foreign |= {"Django", "NaN", "Obsolete"} | EXAMPLES

        assert named - foreign - words() == set()

    def test_lies_where_a_link_leads(self, doc):
        links = re.findall(r"\]\(([^)\s]+)\)", text_of(doc))
        inside = [link for link in links if not link.startswith(("http:", "https:", "mailto:"))]

        assert [link for link in inside if not _leads_somewhere(doc, link)] == []

    def test_is_no_place_on_one_machine(self, doc):
        assert re.findall(r"(?:/home|/root|/work|/Users)/", text_of(doc)) == []


def _exists(path: str) -> bool:
    if any(path.startswith(made) for made in NOT_THERE):
        return True
    spelt = re.sub(r"<\w+>", "*", path)
    return any(ROOT.glob(spelt.rstrip("/")))


def _is_ours(name: str) -> bool:
    first = name.split(".")[0]
    return first in classes() or first in ROOMS or any(p.stem == first for p, _tree in trees())


def _leads_somewhere(doc: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    target = (doc.parent / path) if path else doc
    if not target.exists():
        return False
    return not heading or heading in _headings(target)


def _headings(doc: Path) -> set[str]:
    found = re.findall(r"^#+ (.*)$", text_of(doc), re.M)
    return {re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in found}


class TestTheDocuments:
    def test_can_all_be_reached_from_the_readme(self):
        seen, ahead = set(), {README}
        while ahead:
            seen |= ahead
            ahead = {to for page in ahead for to in _linked(page)} - seen
        decisions = set((ROOT / "docs" / "decisions").glob("*.md"))

        assert set(DOCS) - seen - decisions == set()

    def test_number_the_decisions_without_a_gap(self):
        names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
        numbers = [int(name[:4]) for name in names]
        titles = [text_of(ROOT / "docs" / "decisions" / name).split(".")[0] for name in names]

        assert numbers == list(range(1, len(names) + 1))
        assert titles == [f"# {number}" for number in numbers]

    def test_give_a_reason_for_every_dependency_and_for_nothing_else(self):
        lines = text_of(ROOT / "requirements.in").split("\n")
        wanted = {re.split(r"[<>=~]", line)[0].strip() for line in lines if line}
        page = text_of(ROOT / "docs" / "decisions" / "0008-dependencies.md")

        assert set(re.findall(r"^\| `([^`]+)` \|", page, re.M)) == wanted

    def test_say_what_every_kind_of_event_carries(self):
        page = text_of(ROOT / "docs" / "architecture.md")
        calls = [node for _path, tree in trees() for node in ast.walk(tree) if _records(node)]
        first = [call.args[0] for call in calls if call.args]
        kinds = {word.value for word in first if isinstance(word, ast.Constant)}
        kinds |= set(wording.EVENTS)

        assert {"received", "clock_paused", "item_mended"} <= kinds
        assert [kind for kind in sorted(kinds) if f"`{kind}`" not in page] == []

    @pytest.mark.parametrize("room", ["workflows", "web"])
    def test_show_the_floors_inside_a_room_as_they_are_kept(self, room):
        page = text_of(ROOT / "docs" / "architecture.md")
        blocks = re.findall(r"^```\w*\n(.*?)^```", page, re.S | re.M)
        drawn = [block.replace("\n  ", " ").splitlines() for block in blocks]

        assert [floor.split() for floor in floors_of(room)] in [
            [line.split() for line in block] for block in drawn
        ]

    def test_explain_every_variable_of_the_environment(self):
        sources = [*(ROOT / "config").glob("*.py"), *(ROOT / "config" / "settings").glob("*.py")]
        call = r"\benv(?:iron)?(?:\.\w+)?[(\[]\s*\"([A-Z][A-Z_]+)\""
        read = {name for path in sources for name in re.findall(call, text_of(path))}
        read -= {"DJANGO_SETTINGS_MODULE"}
        told = set(spans_of(ROOT / "docs" / "operating.md"))

        assert {"SECRET_KEY", "DATABASE_URL", "XINBAN_VAR"} <= read
        assert read - told == set()


def floors_of(room: str) -> list[str]:
    """Return what stands on each floor of a room, from the top."""
    told = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    contracts = told["tool"]["importlinter"]["contracts"]
    (layers,) = [one["layers"] for one in contracts if one.get("containers") == [room]]
    return [layer.replace("|", " ") for layer in layers]


def _records(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "record")


def _linked(doc: Path) -> set[Path]:
    links = re.findall(r"\]\(([^)#\s]+)", text_of(doc))
    return {path for link in links if (path := (doc.parent / link).resolve()) in DOCS}


SHOWN = [(duty.value, duty.label) for duty in Duty]
SHOWN += [(role.value, role.label) for role in Role]
SHOWN += [(name, label) for type_ in case_types() for name, label in type_.states.items()]


class TestTheGlossary:
    def test_names_what_the_code_names(self):
        terms = [term for term, _chinese in terms_of_the_glossary()]

        assert len(terms) > 100
        assert [term for term in terms if term not in words()] == []

    def test_has_one_line_for_one_word_and_its_chinese(self):
        terms = dict(terms_of_the_glossary())

        assert len(terms) == len(list(terms_of_the_glossary()))
        assert [term for term, said in terms.items() if not CHINESE.search(said)] == []

    @pytest.mark.parametrize(("word", "label"), SHOWN, ids=lambda said: str(said))
    def test_says_what_the_pages_say(self, word, label):
        # A word of several types has the Chinese of each, with a semicolon between them.
        said = dict(terms_of_the_glossary())[word].split("；")
        with override("zh-hans"):
            assert any(one in str(label) for one in said), str(label)


@each_readme
class TestAReadme:
    def test_lists_everybody_who_can_sign_in(self, doc):
        named = set(re.findall(r"`(demo-[\w-]+)`", text_of(doc))) - {"demo-token"}

        assert named == {person.username for person in PEOPLE}
        assert PASSWORD in text_of(doc)

    def test_maps_every_room(self, doc):
        mapped = {line.split("/")[0] for line in code_of(doc) if re.match(r"\w+/\S*  ", line)}

        assert mapped >= {name for name in TOP if any((ROOT / name).rglob("*.*"))}


SEEN = {f"gone_{place}": "on" for place in ("authority", "credit_china", "province", "city")}
SEEN |= {key.replace("gone", "evidence"): "10月16日查询无记录" for key in SEEN}


class TestTheCaseInTheReadme:
    @pytest.fixture
    def case(self, applicant, penalty, staff):
        case = applicant.applies(penalty, at=at("09-26", 21))
        staff["clerk"].does("check", case, at=at("09-28"), form_complete="True")
        staff["acceptor"].does("examine", case, at=at("09-30"), examination="accept")
        found = {"duty_fulfilled": "True", "breach_corrected": "True", "verification": "调阅。"}
        staff["handler"].does("verify", case, at=at("10-12"), **found)
        grant = {"decision": "grant", "decision_reason": "符合条件。"}
        staff["approver"].does("decide", case, at=at("10-14"), **grant)
        staff["handler"].does("stop_publication", case, at=at("10-15"), stopped_note="已撤下。")
        staff["office_handler"].does("confirm", case, at=at("10-16"), **SEEN)
        return case

    def test_happens_as_it_is_told(self, case):
        kinds = list(Entry.objects.order_by("seq").filter(stream=case.reference).values("kind"))
        told = re.findall(
            r"^log  (\d+)(?:\u2013(\d+))? +([a-z_ ·]+?)(?: {2}|$)", text_of(README), re.M
        )

        assert len(told) == 5
        assert "Fifty-eight events" in text_of(README)
        assert len(kinds) == 58
        for first, last, names in told:
            happened = [entry["kind"] for entry in kinds[int(first) - 1 : int(last or first)]]
            assert names.split(" · ") == happened

    def test_is_due_on_the_days_it_is_told(self, case):
        told = re.findall(r"((?:repair|general)[\w.]+)  \d+ WD  due (\S+)", text_of(README))
        due = Deadline.objects.filter(case=case).values_list("term__key", "due_on")

        assert sorted(set(told)) == sorted({(key, day.isoformat()) for key, day in due})

    def test_sends_the_letters_it_names(self, case, applicant):
        numbers = applicant.user.messages_received.values_list("letter__number", flat=True)
        example = text_of(README).split("## One case as data")[1].split("## ")[0]

        assert sorted(re.findall(r"济阳信用\S+?号", example)) == sorted(numbers)
