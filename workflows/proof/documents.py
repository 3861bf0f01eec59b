"""What is written: remedies in every adverse letter, terms of every step, words for everyone."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Engine, TemplateDoesNotExist
from django.template.base import Node, NodeList, Template
from django.template.defaulttags import ForNode, IfNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import WATCHING
from notifications import letters
from workflows.clock import Unit
from workflows.flow import Transition, Work
from workflows.models import Role
from workflows.proof.plan import Plan, clocks_of
from workflows.proof.positions import Position
from workflows.proof.space import WITHDRAW, Space
from workflows.proof.words import Violation, label_of, title_of

REMEDIES, TERMS, WORDS = "remedies in every adverse letter", "a term, a queue, a basis", "words"
_SHARED = Path(letters.__file__).parent / "templates"
_SHOWS = {"": "notifications/remedies.html", ".en": "notifications/remedies.en.html"}
_COUNTED = set(map(str, Unit))
_CHINESE = re.compile("[\u4e00-\u9fff]")


def tell_remedies(plan: Plan) -> Iterator[Violation]:
    """Yield the decisions against the party that are not told with its remedies."""
    made = {n.move: n for n in plan.nodes.values() if isinstance(n, Transition)}
    for name, move in plan.moves.items():
        if move.adverse and (wrong := _untold(made.get(name), plan)):
            yield Violation(REMEDIES, wrong % {"move": label_of(name, plan)})


def have_terms(plan: Plan) -> Iterator[Violation]:
    """Yield the steps without a term, a queue that somebody works, or a legal basis."""
    for step in plan.steps:
        if isinstance(step, Work) and not _has_queue(step):
            told = _("Nobody works the queue of '%(step)s'.")
            yield Violation(TERMS, told % {"step": title_of(step.name, plan)})
        for key in clocks_of(step):
            yield from _without_term(step.name, key, plan)
    for start in plan.starts:
        for key in (*start.clocks, *start.promised):
            yield from _without_term(start.name, key, plan)


def say_what_waits(space: Space) -> Iterator[Violation]:
    """Yield the words missing from "waits for whom, until when, why", for each audience."""
    plan, told = space.plan, set()
    for position in space.positions:
        for what, said in _said(position, plan):
            if what not in told and (language := _missing_in(said)):
                told.add(what)
                named = {"what": what, "language": language}
                yield Violation(WORDS, _("%(what)s is not said in %(language)s.") % named)


def _untold(node: Any, plan: Plan) -> str:
    if node is None or not node.letter:
        return _("'%(move)s' is against the party, and no letter tells it so.")
    if node.letter not in plan.letters:
        return _("The letter of '%(move)s' is not in the list of letters.")
    if not all(_shows_remedies(plan.folder, node.letter, end) for end in _SHOWS):
        return _("The letter of '%(move)s' does not always tell the remedies.")
    return ""


def _shows_remedies(folder: Path | None, letter: str, language: str) -> bool:
    assert folder is not None
    try:
        template = _engine(folder).get_template(f"{letter}{language}.html")
    except TemplateDoesNotExist:
        return False
    return _SHOWS[language] in _always_included(template, _engine(folder))


@cache
def _engine(folder: Path) -> Engine:
    words = "notifications.templatetags.letter_words"
    return Engine(dirs=[str(folder), str(_SHARED)], builtins=[words])


def _always_included(template: Template, engine: Engine) -> set[str]:
    top: Any = template.nodelist[0] if template.nodelist else None
    if not isinstance(top, ExtendsNode):
        return set(_included(template.nodelist))
    parent_name: Any = top.parent_name
    parent = engine.get_template(parent_name.var)
    blocks: list[Any] = parent.nodelist.get_nodes_by_type(BlockNode)
    shown = {block.name for block in blocks}
    filled = [b for b in top.nodelist if isinstance(b, BlockNode) and b.name in shown]
    return {name for block in filled for name in _included(block.nodelist)}


def _included(nodes: NodeList | list[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, IncludeNode):
            yield str(node.template.var)
        elif not isinstance(node, IfNode | ForNode):
            yield from _included(getattr(node, "nodelist", []))


def _has_queue(step: Work) -> bool:
    return step.role in Role.values and step.duty not in WATCHING


def _without_term(node: str, key: str, plan: Plan) -> Iterator[Violation]:
    try:
        wrong = [name for name in plan.filled(key) if not _is_counted(name, plan)]
    except LookupError:
        wrong = [key]
    if wrong:
        told = _("'%(node)s' has no term with a legal basis for %(keys)s.")
        named = {"node": title_of(node, plan), "keys": _(", ").join(wrong)}
        yield Violation(TERMS, told % named)


def _is_counted(key: str, plan: Plan) -> bool:
    rows = plan.terms.get(key, [])
    return bool(rows) and all(row["unit"] in _COUNTED and row["basis"] for row in rows)


def _said(position: Position, plan: Plan) -> Iterator[tuple[str, Any]]:
    yield f"states.{position.state}", plan.states.get(position.state, "")
    yield f"TOLD_PARTY.{position.state}", plan.told.get(position.state, "")
    for token in position.tokens:
        node = plan.nodes[token.node]
        if hasattr(node, "form"):
            yield f"{token.node}.title", node.form.title
            yield f"{token.node}.why", node.form.why
        if isinstance(node, Work):
            yield f"{token.node}.role", Role(node.role).label
            yield f"{token.node}.duty", node.duty.label
    for name, move in plan.moves.items():
        if name != WITHDRAW or move.target_from(position.state):
            yield f"moves.{name}", move.label


def _missing_in(said: Any) -> str:
    with override("en"):
        english = str(said)
    with override("zh-hans"):
        chinese = str(said)
    if not english or not english.isascii():
        return _("English")
    return "" if _CHINESE.search(chinese) and chinese != english else _("Chinese")
