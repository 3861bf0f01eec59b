"""Prove that the route of every case type is sound; exit 1 if one is not."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from workflows.management.commanding import PlainCommand
from workflows.proof import verdicts, versions
from workflows.proof.plan import Plan, plans
from workflows.proof.verdicts import Verdict


class Command(PlainCommand):
    """Search every position a case can be in, and tell the shortest path into every trap."""

    help = "Prove every flow together with its state machine and the generic verbs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", nargs="*", help="case types; all of them if none is named")
        parser.add_argument("--json", action="store_true", help="one JSON object for each flow")
        parser.add_argument(
            "--release", action="store_true", help="write down new versions as released, if sound"
        )

    def handle(self, **options: Any) -> None:
        found = _named_plans(options["flow"])
        judged = verdicts.prove(found)
        for verdict in judged:
            self.stdout.write(_json(verdict) if options["json"] else _told(verdict))
        if not all(verdict.sound for verdict in judged):
            sys.exit(1)
        if options["release"]:
            for plan in versions.release(found):
                said = _("Released: %(flow)s %(version)d.")
                self.stdout.write(said % {"flow": plan.name, "version": plan.version})


def _named_plans(names: list[str]) -> list[Plan]:
    every = list(plans())
    if unknown := set(names) - {plan.name for plan in every}:
        raise CommandError(_("There is no flow '%(name)s'.") % {"name": sorted(unknown)[0]})
    return [plan for plan in every if not names or plan.name in names]


def _json(verdict: Verdict) -> str:
    return json.dumps(verdict.as_json(), ensure_ascii=False)


def _told(verdict: Verdict) -> str:
    said = _("%(flow)s %(version)d: %(states)d positions, %(edges)d acts; %(judged)s.") % {
        "flow": verdict.flow,
        "version": verdict.version,
        "states": verdict.states,
        "edges": verdict.edges,
        "judged": _("sound") if verdict.sound else _("NOT SOUND"),
    }
    return "\n".join([said, *(f"  [{v.property}] {v}" for v in verdict.violations)])
