"""Words that makemessages cannot see in the sources, listed for it."""

from django.utils.translation import gettext_noop, ngettext_lazy

# The docstring of each child of Refused.
REFUSALS = [
    gettext_noop("A place still shows the record; the case cannot be closed."),
    gettext_noop("A rule value in a file has another edition here for the same days."),
    gettext_noop("A unit in the file cannot be loaded."),
    gettext_noop("An answer is missing or invalid."),
    gettext_noop("No PDF can be made on this machine; read and print the letter as a page."),
    gettext_noop("One of the files has just become part of another case. Hand it in again."),
    gettext_noop("Somebody else was faster."),
    gettext_noop(
        "Somebody is working on this case at this very moment. Try again in a few seconds."
    ),
    gettext_noop("The authority that made this decision does not work with this service."),
    gettext_noop("The case has been decided; it can no longer be withdrawn."),
    gettext_noop("The file cannot be imported."),
    gettext_noop("The law does not allow this application now."),
    gettext_noop("There is an open case about this record already."),
    gettext_noop("There is no such case, or it is not yours to see."),
    gettext_noop("There is no such record of an organisation you represent."),
    gettext_noop("There is no such step, or it is not yours to see."),
    gettext_noop("This step belongs to another unit or to another duty."),
    gettext_noop("This step is asked of the party, who answers it without claiming it."),
    gettext_noop("You did an earlier step of this case; the law wants a second person here."),
]

# What Django and viewflow say and have no Chinese for.
BORROWED = [
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        8,
    ),
    gettext_noop("Workflow"),
    gettext_noop("Process"),
    gettext_noop("Process list"),
    gettext_noop("Task"),
    gettext_noop("Tasks"),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
]
