"""What a watchman asks: does it run, can it work, do the deadlines tick?"""

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from workflows import heartbeat


@never_cache
def live(_request: HttpRequest) -> JsonResponse:
    """Answer that the process runs; asks nothing of anybody."""
    return JsonResponse({"live": True})


@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer whether the database is there and has the tables this version needs."""
    problem = _database_problem()
    return _answer({"ready": not problem, "problem": problem}, well=not problem)


@never_cache
def clock(_request: HttpRequest) -> JsonResponse:
    """Answer whether the deadlines are swept, when they last were, and what was found and left."""
    pulse = heartbeat.pulse(timezone.now())
    told: dict[str, Any] = {"at": None, "problem": pulse.reason, "left": pulse.expected}
    if last := pulse.heartbeat:
        told |= {
            "at": last.at,
            "examined": last.examined,
            "told": last.told,
            "failed": last.failed,
            "age_seconds": round(pulse.age or 0),
        }
    return _answer(told, well=pulse.ok)


def _database_problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the database does not answer"
    return "migrations are missing" if missing else ""


def _answer(told: dict[str, Any], *, well: bool) -> JsonResponse:
    return JsonResponse(told, status=200 if well else 503)
