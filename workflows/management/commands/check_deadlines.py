"""Ask every running clock anew; exit 1 if one shows something else than its log says."""

import sys
from typing import Any

from django.utils.translation import gettext as _

from workflows import checking
from workflows.management.commanding import PlainCommand


class Command(PlainCommand):
    """Compare every date that is shown with the one its log gives; each difference is an alarm."""

    help = "Check every running deadline against its log."

    def handle(self, **options: Any) -> None:
        check = checking.check()
        for difference in check.differences:
            self.stderr.write(str(difference))
        said = _("%(examined)d clocks checked; %(differences)d differ.")
        counts = {"examined": check.examined, "differences": len(check.differences)}
        self.stdout.write(said % counts)
        if check.differences:
            sys.exit(1)
