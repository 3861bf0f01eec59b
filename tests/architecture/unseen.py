"""Words that makemessages cannot see in the sources, listed for it."""

from django.utils.translation import gettext_noop, ngettext_lazy

# The docstring of each child of Refused.
REFUSALS = [
    gettext_noop("A case corrects facts of a record only, and only to values that fit them."),
    gettext_noop("A case is rated when it is closed; this one is still under way."),
    gettext_noop("A place still shows the record; the case cannot be closed."),
    gettext_noop("A published version of an item is never edited; publish a new one in its place."),
    gettext_noop("A rule value in a file has another edition here for the same days."),
    gettext_noop("A unit in the file cannot be loaded."),
    gettext_noop(
        "A version is published from today or later, and after the one it takes the place of."
    ),
    gettext_noop("A view is shared with a unit in which you work, and with no other."),
    gettext_noop("An answer is missing or invalid."),
    gettext_noop(
        "An item in the file names a unit that is not there, or has a value that is not known."
    ),
    gettext_noop("Cases of this kind are not opened in this way."),
    gettext_noop("Choose one of the five grades."),
    gettext_noop("Give the view a name."),
    gettext_noop("In its present state this case cannot wait for a supplement."),
    gettext_noop("Name at least one unit to ask."),
    gettext_noop("No PDF can be made on this machine; read and print the letter as a page."),
    gettext_noop("No edition of this term is in force on that day, so none can be changed."),
    gettext_noop("No such clock runs in this case."),
    gettext_noop("No time limit is running for this step, so there is nothing to press for."),
    gettext_noop("Nobody decides on their own recusal, nor does who stands in for them."),
    gettext_noop("Nobody in that unit can do this."),
    gettext_noop("One of the files has just become part of another case. Hand it in again."),
    gettext_noop("Only a counter clerk of the credit office receives visitors."),
    gettext_noop(
        "Only a supervisor of the unit with which the step lies, or of the credit office, may "
        "do this. Auditors watch and change nothing."
    ),
    gettext_noop("Only the person who has claimed this step may do this."),
    gettext_noop("Others are asked to assist, to countersign or for advice, and for nothing else."),
    gettext_noop("Say what you ask; the other unit reads it."),
    gettext_noop("Say what you want done or explained; the unit reads it."),
    gettext_noop("Say whether you grant or refuse it."),
    gettext_noop("Say why it is late, and by when it will be done."),
    gettext_noop("Say why the visitor has come; it is kept in the log."),
    gettext_noop("Say why; it is kept, and whoever goes on reads it."),
    gettext_noop("Select at least one step."),
    gettext_noop("Somebody else was faster."),
    gettext_noop("Somebody has called back about this rating already."),
    gettext_noop(
        "Somebody is working on this case at this very moment. Try again in a few seconds."
    ),
    gettext_noop("Something was asked beside this step, and its answer has not come yet."),
    gettext_noop("That unit has this part of the case already."),
    gettext_noop(
        "That unit has transferred this case itself; ask the common superior who is competent."
    ),
    gettext_noop("The authority that made this decision does not work with this service."),
    gettext_noop("The calendar file is wrong, so nothing of it was loaded."),
    gettext_noop("The case has been decided; it can no longer be withdrawn."),
    gettext_noop(
        "The case is suspended: its clocks stand still and nobody may work on it until it resumes."
    ),
    gettext_noop("The credit office's own part in a case is not transferred."),
    gettext_noop("The file cannot be imported."),
    gettext_noop("The law does not allow this application now."),
    gettext_noop("The law does not allow this here."),
    gettext_noop("The same was asked about this step before, and its answer has not come yet."),
    gettext_noop("The time for this step is not over yet."),
    gettext_noop("The value or the unit is not one that this term can have."),
    gettext_noop("There is an open case about this record already."),
    gettext_noop("There is no such case, or it is not yours to see."),
    gettext_noop("There is no such demand, or it is not your unit's to answer."),
    gettext_noop("There is no such organisation, or you do not represent it."),
    gettext_noop("There is no such proposal, or it is not your unit's."),
    gettext_noop("There is no such rating, or it is not yours to follow up."),
    gettext_noop("There is no such record of an organisation you represent."),
    gettext_noop("There is no such step, or it is not yours to see."),
    gettext_noop("There is no such unit."),
    gettext_noop("There is no such view, or it is not yours to change."),
    gettext_noop("There is nobody with this number."),
    gettext_noop("There is nothing in your queues that you may take now."),
    gettext_noop("These are too many steps for one go."),
    gettext_noop("This case has been rated; each case is rated once."),
    gettext_noop("This demand has been answered."),
    gettext_noop("This is not an open question to another unit."),
    gettext_noop(
        "This part of the case is being transferred already; the other unit has yet to sign."
    ),
    gettext_noop("This person has the step already."),
    gettext_noop("This person may not do this step."),
    gettext_noop("This proposal has been decided."),
    gettext_noop("This step belongs to another unit or to another duty."),
    gettext_noop("This step has no earlier one to which it may be returned."),
    gettext_noop("This step is asked of the party, who answers it without claiming it."),
    gettext_noop("This was asked beside the route: answer it, or put it back into the queue."),
    gettext_noop(
        "Who has proposed something may not decide on it, nor may who stands in for them."
    ),
    gettext_noop("Write down what was said in the call and what is done about it."),
    gettext_noop("Write no more than 2000 characters."),
    gettext_noop(
        "You are recused in this case, or the person for whom you stand in is; leave it to others."
    ),
    gettext_noop("You did an earlier step of this case; the law wants a second person here."),
    gettext_noop(
        "You have kept another view under this name; drop it first, or choose another name."
    ),
    gettext_noop("You have kept as many views as one person may; drop one first."),
    gettext_noop("You worked on this case; let somebody else call back."),
    gettext_noop("Your duty does not reach as far as opening this case."),
    gettext_noop(
        "Your own unit can be asked for advice only; to assist or countersign, ask another one."
    ),
    gettext_noop("Your unit has no part in this, or your duty does not reach so far."),
]

# What Django and viewflow say and have no Chinese for, or none for who fills in a form.
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
    # Django's own Chinese for it talks of fields; whoever fills in a form does not.
    gettext_noop("This field is required."),
]
