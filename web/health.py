"""What a watchman asks: does it run, can it work, do the deadlines tick?"""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from workflows.models import Heartbeat


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
    """Answer when the deadlines were last swept, and what the sweep found."""
    last = Heartbeat.objects.order_by("-at").first()
    if last is None:
        return _answer({"at": None, "problem": "no sweep yet"}, well=False)
    age = (timezone.now() - last.at).total_seconds()
    told = {
        "at": last.at,
        "examined": last.examined,
        "told": last.told,
        "failed": last.failed,
        "age_seconds": round(age),
    }
    return _answer(told, well=age <= settings.HEARTBEAT_MAX_AGE_SECONDS)


def _database_problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the database does not answer"
    return "migrations are missing" if missing else ""


def _answer(told: dict[str, Any], *, well: bool) -> JsonResponse:
    return JsonResponse(told, status=200 if well else 503)
