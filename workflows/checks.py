"""The proof of every route as a check of the system: whoever starts it is told what is unsound."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from workflows.proof import verdicts

UNSOUND = "workflows.E001"


@register("flows")
def flows_are_sound(**_asked: Any) -> list[CheckMessage]:
    """Return an error for everything that is not proven of a route.

    What may be open beside a route is searched by ``check_flows``, which takes seconds.
    """
    return [
        Error(
            f"[{violation.property}] {violation}",
            obj=f"{verdict.flow} {verdict.version}",
            id=UNSOUND,
        )
        for verdict in verdicts.prove_routes()
        for violation in verdict.violations
    ]
