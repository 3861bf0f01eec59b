"""Xinban speaks Chinese first: every word has its Chinese, and the pages show it."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override
from django.utils.translation.template import templatize

from tests.actors import open_item
from tests.architecture import unseen
from tests.conftest import TUESDAY
from workflows.acts import Refused
from workflows.intake import TooLate
from workflows.models import Term

ROOT = settings.BASE_DIR
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
ROOMS = ("accounts", "cases", "config", "forms", "notifications", "records", "web", "workflows")
CALLS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
# These translate words that others declare: the docstrings of refusals, which unseen.py lists,
# what a file was handed in for, and what a draft is called, which are kept as they are declared.
GIVEN_WORDS = {
    "workflows/acts.py",
    "forms/guide.py",
    "web/drafts.py",
    "web/pages/counter.py",
    "web/pages/papers.py",
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[0-9.]*[a-z]|\{\w*\}|</?\w+>")
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"\b(?:_|n?gettext)\(({LITERAL})")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][a-z]+")
# The product, the other language, kinds of files, and the people of these tests.
NOT_ENGLISH = {
    "Xinban",
    "English",
    "pdf",
    "jpg",
    "jpeg",
    "png",
    "Esc",
    "clerk",
    "office",
    "supervisor",
}


def sources(suffix: str) -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob(f"*{suffix}"))]


def in_python(path: Path) -> Iterator[ast.expr]:
    """Yield what is given to gettext, under whatever name the module has imported it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {a.asname or a.name for node in imports for a in node.names if a.name in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            yield node.args[0]


def in_template(path: Path) -> list[str]:
    spelt = templatize(path.read_text(encoding="utf-8"))
    return [ast.literal_eval(literal) for literal in IN_TEMPLATE.findall(spelt)]


def spoken() -> dict[str, str]:
    """Return every word of the sources and where it stands."""
    python = {
        word.value: str(path.relative_to(ROOT))
        for path in [*sources(".py"), Path(unseen.__file__)]
        for word in in_python(path)
        if isinstance(word, ast.Constant)
    }
    pages = [*sources(".html"), *sources(".txt")]
    return python | {w: str(path.relative_to(ROOT)) for path in pages for w in in_template(path)}


def sentences_of_refusals() -> list[str]:
    """Return the docstring of each child of Refused, found without importing anything."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources(".py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    family, docs = {Refused.__name__}, {}
    while grown := [c for c in classes if c.name not in family and family & _bases(c)]:
        family |= {c.name for c in grown}
        docs |= {c.name: " ".join((ast.get_docstring(c) or "").split()) for c in grown}
    return sorted(set(docs.values()))


def _bases(node: ast.ClassDef) -> set[str]:
    return {getattr(base, "id", "") or getattr(base, "attr", "") for base in node.bases}


def chinese_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(CATALOGUE / "django.po")


class TestCatalogue:
    def test_holds_every_word_of_the_sources(self, catalogue):
        held = {entry.msgid for entry in catalogue if chinese_of(entry) and not entry.fuzzy}
        missing = {word: where for word, where in spoken().items() if word not in held}
        assert len(held) > 500
        assert missing == {}, "see docs/translating.md"

    def test_holds_nothing_else(self, catalogue):
        assert {entry.msgid for entry in catalogue} - spoken().keys() == set()

    def test_keeps_what_is_filled_in(self, catalogue):
        for entry in catalogue:
            english = entry.msgid_plural or entry.msgid
            wanted = sorted(PLACEHOLDER.findall(english))
            assert sorted(PLACEHOLDER.findall(chinese_of(entry))) == wanted, entry.msgid

    def test_is_compiled_as_it_stands(self, catalogue):
        compiled = polib.mofile(CATALOGUE / "django.mo")
        held = {entry.msgid: chinese_of(entry) for entry in catalogue}
        assert {entry.msgid: chinese_of(entry) for entry in compiled} == held

    def test_is_asked_in_english(self, catalogue):
        assert [entry.msgid for entry in catalogue if CHINESE.search(entry.msgid)] == []

    def test_answers_in_chinese(self, catalogue):
        worded = [entry for entry in catalogue if re.search(r"[A-Za-z]{2}", _bare(entry.msgid))]
        unsaid = [e.msgid for e in worded if not CHINESE.search(chinese_of(e))]
        assert unsaid == []

    def test_can_be_gathered_because_words_are_never_computed(self):
        computed = [
            f"{path.relative_to(ROOT)}:{word.lineno}"
            for path in sources(".py")
            for word in in_python(path)
            if not isinstance(word, ast.Constant) and str(path.relative_to(ROOT)) not in GIVEN_WORDS
        ]
        assert computed == []


class TestRefusals:
    def test_are_listed_for_translation_sentence_by_sentence(self):
        found = sentences_of_refusals()
        assert "" not in found
        assert found == unseen.REFUSALS, "tests/architecture/unseen.py lists them sorted"

    def test_speak_the_language_of_whoever_is_refused(self):
        with override("zh-hans"):
            assert str(TooLate()) == "案件已作出决定，不能再撤回。"
        with override("en"):
            assert str(TooLate()) == "The case has been decided; it can no longer be withdrawn."


def _bare(text: str) -> str:
    return PLACEHOLDER.sub("", text)


class _Words(HTMLParser):
    """What a reader of a page reads or hears, without what is marked as another language."""

    HEARD = ("aria-label", "title", "placeholder", "alt", "data-too-big")
    VOID = ("meta", "link", "input", "br", "img", "hr")

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.said = language, []
        self.open = [("", False)]

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        other = told.get("lang", self.language) != self.language
        silent = self.open[-1][1] or other or tag in ("script", "style", "time")
        silent = silent or "code" in told.get("class", "")
        if tag not in self.VOID:
            self.open.append((tag, silent))
        if not silent:
            self.said += [told[name] for name in self.HEARD if told.get(name)]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in {name for name, _silent in self.open}:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not self.open[-1][1]:
            self.said.append(data)


def words_on(response, language):
    """Return the words a page says in its own language."""
    page = _Words(language)
    page.feed(response.content.decode())
    return " ".join(page.said)


def english_on(response):
    return set(ENGLISH.findall(words_on(response, "zh-hans"))) - NOT_ENGLISH


def english_at(client, *addresses):
    """Return the English words on the pages at some addresses, which must all open."""
    pages = {address: client.get(address) for address in addresses}
    assert {page.status_code for page in pages.values()} == {200}
    return {address: english_on(page) for address, page in pages.items() if english_on(page)}


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TUESDAY)


@pytest.fixture
def repair(applicant, penalty, staff):
    return applicant.applies(penalty, at=TUESDAY)


@pytest.mark.usefixtures("today", "office")
class TestPages:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("home", "单位信用事项，依法限时办理"),
            ("track", "查询进度"),
            ("account_login", "登录"),
            ("account_signup", "账号由信用办开通"),
            ("account_reset_password", "重置密码"),
        ],
    )
    def test_speak_chinese_to_anyone(self, client, name, said):
        page = client.get(reverse(name))
        assert said in words_on(page, "zh-hans")
        assert english_on(page) == set()

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("home", "Credit matters of your organisation, handled by law and in time"),
            ("account_login", "Accounts are opened by the credit office."),
        ],
    )
    def test_speak_english_to_who_asks_for_it(self, client, catalogue, name, said):
        page = words_on(client.get(reverse(name), headers={"Accept-Language": "en"}), "en")
        assert said in page
        # Norms keep their Chinese titles, in which a few characters of ours may stand.
        ours = {chinese_of(entry) for entry in catalogue if len(chinese_of(entry)) > 4}
        assert {chinese for chinese in ours if chinese in page} == set()

    def test_say_in_chinese_what_is_wrong_with_a_sign_in(self, client):
        refused = client.post(reverse("account_login"), {"login": "nobody", "password": "x"})
        assert "用户名" in words_on(refused, "zh-hans")
        assert english_on(refused) == set()

    def test_refuse_in_the_language_of_the_reader(self, client, applicant, penalty):
        penalty.decided_on = TUESDAY.date()
        penalty.save()
        client.force_login(applicant.user)
        address = reverse("apply", args=[penalty.pk, "repair"])

        refused = client.get(address)
        in_english = client.get(address, headers={"Accept-Language": "en"})

        assert "最短公示期于2026年12月29日届满" in words_on(refused, "zh-hans")
        assert english_on(refused) == set()
        assert "The shortest publication period ends on" in words_on(in_english, "en")

    def test_speak_chinese_to_the_party(self, client, applicant, repair, penalty):
        client.force_login(applicant.user)
        case = [repair.reference]
        pages = [reverse(name) for name in ("home", "records", "cases", "messages")]
        pages += [reverse("record", args=[penalty.pk])]
        pages += [reverse("case", args=case), reverse("receipt", args=case)]
        assert english_at(client, *pages) == {}

    def test_speak_chinese_where_a_party_applies(self, client, applicant, penalty):
        client.force_login(applicant.user)
        address = reverse("apply", args=[penalty.pk, "repair"])
        assert english_at(client, address) == {}
        refused = client.post(address, {})
        assert "请更正以下内容" in words_on(refused, "zh-hans")
        assert english_on(refused) == set()

    def test_speak_chinese_where_a_password_is_changed(self, client, applicant):
        applicant.user.set_password("before-2026")
        applicant.user.save()
        client.force_login(applicant.user)
        address = reverse("account_change_password")
        assert english_at(client, address, reverse("account_logout")) == {}
        weak = {"oldpassword": "wrong", "password1": "123", "password2": "1234"}
        assert english_on(client.post(address, weak)) == set()

    def test_speak_chinese_at_the_desk(self, client, repair, clerk):
        step = reverse("work", args=[open_item(repair, "check").pk])
        client.force_login(clerk.user)
        assert english_at(client, reverse("desk"), reverse("queue"), step) == {}
        clerk.claims("check", repair, at=TUESDAY)
        assert english_at(client, step, reverse("desk-case", args=[repair.reference])) == {}

    def test_speak_chinese_where_a_second_person_decides(self, client, repair, clerk):
        client.force_login(clerk.user)
        case = repair.reference
        kinds = ("suspend", "resume", "extend", "correct_start")
        pages = [reverse("propose", args=[case, kind]) for kind in kinds]
        pages += [reverse("proposals"), reverse("demands"), reverse("case-what-if", args=[case])]
        assert english_at(client, *pages) == {}

    def test_speak_chinese_in_oversight(self, client, repair, office_supervisor):
        client.force_login(office_supervisor)
        case = reverse("oversight-case", args=[repair.reference])
        assert english_at(client, reverse("oversight"), reverse("workload"), case) == {}
        # A rule value is told with its key; one that is no number as it is kept, and cut if long.
        kept = " ".join(part for row in Term.objects.values_list("key", "value") for part in row)
        for asked in (reverse("what-if"), reverse("term-propose")):
            assert {word for word in english_on(client.get(asked)) if word not in kept} == set()

    def test_speak_chinese_to_the_operator(self, admin_client):
        pages = [reverse("admin:index"), reverse("calendar")]
        assert english_at(admin_client, *pages) == {one: {"admin"} for one in pages}
