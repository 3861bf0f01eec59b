"""What each figure of the bulletin counts, and which figures cannot be given."""

from django.utils.translation import gettext as _

from web.sheets import Table


def counted() -> list[tuple[str, str]]:
    """Return each figure with what it counts."""
    return [
        (_("Cases received"), _("Cases registered in the period, whoever opened them.")),
        (
            _("Closed"),
            _("Cases closed in the period: every step done and every letter served."),
        ),
        (_("Open at the end"), _("Cases registered before the end and not closed by then.")),
        (
            _("Limits"),
            _(
                "Time limits of steps of a unit whose last day lay in the period and of "
                "which it is certain whether they were kept. Steps called off, limits that stand "
                "still and the time of the party are not counted."
            ),
        ),
        (_("Kept"), _("Limits that ended on or before their last day.")),
        (
            _("Late"),
            _("Limits that ended after their last day, or still ran when it had passed."),
        ),
        (_("On-time rate"), _("Kept divided by limits.")),
        (
            _("Provisional"),
            _(
                "Limits among these whose last day rests on a calendar not yet published; a figure "
                "that holds such dates is marked and may still change."
            ),
        ),
        (
            _("Demands"),
            _(
                "Supervisors' demands made in the period; answered late: after the day set for "
                "the answer; unanswered: until today."
            ),
        ),
        (
            _("Satisfaction"),
            _(
                "Of the ratings given in the period, the share that was at least fairly "
                "satisfied; cases that nobody rated do not count."
            ),
        ),
        (
            _("Median working days"),
            _("Half of the cases closed took no longer from receipt to closing, pauses included."),
        ),
        (
            _("Days by whom"),
            _(
                "Working days the steps of the closed cases lay with the credit office, with other "
                "authorities and with the party; steps side by side count each."
            ),
        ),
    ]


def unknown() -> list[tuple[str, str]]:
    """Return each figure of the assessment that cannot be worked out, and why."""
    reports = _("The service does not keep the reports of permits and penalties (7 working days).")
    return [
        (_("Compliance rate of publicity"), reports),
        (_("Late, concealed and wrong reports"), reports),
        (
            _("Clearance rate of government dishonesty"),
            _("The service does not keep the courts' lists of unfulfilled cases of public units."),
        ),
    ]


def table() -> Table:
    """Return both as a table."""
    missing = [(name, _("Cannot be computed: %(why)s") % {"why": why}) for name, why in unknown()]
    rows = [list(pair) for pair in (*counted(), *missing)]
    return Table("definitions", _("What each figure counts"), [_("Figure"), _("Counts")], rows)
