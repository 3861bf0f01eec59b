"""The Celery app and its timetable: what is due is asked of the database, never of the broker."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

app = Celery("xinban")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep deadlines": {"task": "workflows.tasks.sweep", "schedule": 60.0},
    "check deadlines": {
        "task": "workflows.tasks.check_deadlines",
        "schedule": crontab(hour=2, minute=30),
    },
    "open what is due": {
        "task": "workflows.tasks.open_found",
        "schedule": crontab(hour=2, minute=45),
    },
    "scan files": {"task": "forms.tasks.scan", "schedule": 10.0},
    "tell of malware": {"task": "workflows.tasks.tell_of_malware", "schedule": 60.0},
    "drop unused files": {
        "task": "forms.tasks.drop_unused",
        "schedule": crontab(hour=3, minute=15),
    },
    "forget drafts": {
        "task": "forms.tasks.forget_drafts",
        "schedule": crontab(hour=3, minute=0),
    },
    "forget sessions": {
        "task": "accounts.tasks.forget_sessions",
        "schedule": crontab(hour=3, minute=30),
    },
    "deliver letters": {"task": "notifications.tasks.deliver", "schedule": 10.0},
}
