"""Who comes in by which door; ``test_doors.py`` holds the house to it."""

from tests.architecture.test_who_sees_what import ROLES

EVERYBODY = {*ROLES, "operator"}
KNOWN = EVERYBODY - {"anonymous", "deactivated acceptor"}
PARTY = {role for role, sights in ROLES.items() if "party" in sights}
CASE = {role for role, sights in ROLES.items() if "case" in sights}
STEP = {role for role, sights in ROLES.items() if "step" in sights}
QUEUE = {role for role, sights in ROLES.items() if "queue" in sights}
WORKERS = {"clerk", "acceptor", "handler", "approver", "office approver", "other acceptor"}
DEMANDED = {role for role, sights in ROLES.items() if "demand" in sights}
DECIDES = {role for role, sights in ROLES.items() if "proposal" in sights}
DECIDES_ON_LAW = {role for role, sights in ROLES.items() if "edition" in sights}
DIRECTS = {role for role, sights in ROLES.items() if "direct" in sights}
WATCHERS = {"supervisor", "other supervisor", "office supervisor", "auditor"}
KEEPERS = WATCHERS | {"operator"}
RECEIVES = {role for role, sights in ROLES.items() if "counter" in sights}
OPENERS = {role for role, sights in ROLES.items() if "opens" in sights}
NOBODY = set()
# Who stands to case B as these stand to case A.
MIRRORED = {
    "applicant": "stranger",
    "acceptor": "other acceptor",
    "supervisor": "other supervisor",
    "handler": None,
    "approver": None,
}

# To whom a page opens that is asked about a case of the finding unit.
PAGES = {
    "home": EVERYBODY,
    "track": EVERYBODY,
    "public": EVERYBODY,
    "public-records": EVERYBODY,
    "styleguide": {"operator"},
    "styleguide-schemes": {"operator"},
    "records": KNOWN,
    "record": PARTY,
    "apply": NOBODY,  # the record has its case already
    "begin": KNOWN,
    "follow": NOBODY,  # nothing follows a case that is open
    "cases": KNOWN,
    "case": PARTY,
    "receipt": PARTY,
    "withdraw": PARTY,
    "rate": NOBODY,  # the case is open
    "recuse": PARTY,
    "asked": NOBODY,  # nothing is asked of the party now
    "draft-save": NOBODY,  # only ever posted to, with a mark of ours
    "draft-drop": NOBODY,
    "messages": KNOWN,
    "letter": CASE,
    "letter-view": CASE,
    "letter-pdf": CASE,
    "upload": NOBODY,  # nothing is handed in here: tried in test_uploads
    "file": CASE,
    "file-view": CASE,
    "desk": WORKERS,
    "queue": WORKERS,
    "desk-search": WORKERS,
    "claim-next": NOBODY,
    "claim-ticked": NOBODY,
    "release-ticked": NOBODY,
    "view-keep": NOBODY,
    "view-share": NOBODY,
    "view-drop": NOBODY,
    "work": QUEUE,
    "work-claim": NOBODY,
    "work-release": NOBODY,
    "work-ask": NOBODY,  # nobody has claimed the step
    "work-take-back": NOBODY,
    "work-transfer": NOBODY,
    "work-return": NOBODY,
    "work-preview": NOBODY,
    "counter": RECEIVES,
    "counter-organisation": RECEIVES,
    "counter-enter": NOBODY,  # nothing is pointed at
    "counter-asked": NOBODY,  # nothing is asked of the party now
    "counter-receipt": NOBODY,  # nothing came in at the counter
    "counter-withdraw": RECEIVES,  # and without the letter nothing is ended
    "desk-open": WORKERS,
    "desk-open-door": OPENERS,
    "desk-case": CASE & WORKERS,
    "desk-route": CASE & WORKERS,
    "case-what-if": CASE & WORKERS,
    "propose": CASE & WORKERS,
    "proposals": WORKERS,
    "proposal-decide": NOBODY,
    "term-decide": NOBODY,
    "calendar-decide": NOBODY,
    "demands": WORKERS,
    "demand-answer": NOBODY,
    "oversight": WATCHERS,
    "steps": WATCHERS,
    "steps-together": NOBODY,  # nothing is ticked: tried in test_oversight_moves
    "step-reassign": DIRECTS,
    "step-demand": DIRECTS,
    "oversight-demands": WATCHERS,
    "workload": WATCHERS,
    "statistics": WATCHERS,
    "statistics-download": WATCHERS,
    "bulletin": WATCHERS,
    "bulletin-download": WATCHERS,
    "ratings": WATCHERS,
    "ratings-download": WATCHERS,
    "rating-follow-up": NOBODY,
    "what-if": WATCHERS,
    "calendar": KEEPERS,
    "calendar-propose": {"office supervisor", "operator"},
    "term-propose": {"office supervisor", "operator"},  # who else watches may only ask
    "oversight-case": CASE & WATCHERS,
    "oversight-log": CASE & WATCHERS,
    "oversight-route": CASE & WATCHERS,
    "health-live": EVERYBODY,
    "health-ready": EVERYBODY,
    None: NOBODY,  # what the API does not have
}
# Closed to those it is for too, who are told in which case the record is, or what to point at.
NAMES_THE_CASE = {
    "apply",
    "follow",
    "open_case",
    "begin",
    "desk-open-door",
    "counter-withdraw",
    "step-reassign",
}
# Tell everybody what is published: whose record it is, and its number; never a case.
PUBLISHED = {"public-records"}
TAKE_EVERY_METHOD = {"health-live", "health-ready"}
# These tell how well the service is; 503 is their answer where no sweep has run.
ANSWER_ANYHOW = {"health-clock"}
# The library's own pages: about the caller's account and never about a case.
OF_THE_ACCOUNT = {
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reset_password_done",
}
# What is posted with it; to the other doors nothing.
SAID = {
    "recuse": {"named": "办案的王姓工作人员（示例）", "reason": "系对方亲属。"},
    "propose": {"cause": "court", "reason": "等待裁定。"},
    "proposal-decide": {"answer": "grant"},
    "term-decide": {"answer": "grant"},
    "calendar-decide": {"answer": "grant"},
    "term-propose": {
        "key": "repair.ndrc.accept",
        "value": "2",
        "since": "2026-11-01",
        "open_cases": "keep",
        "basis": "本办内部规定",
        "certainty": "L",
        "reason": "提速。",
    },
    "demand-answer": {"answer": "今日办结。"},
    "step-demand": {"kind": "explain", "question": "为何仍未审查？"},
    "view-keep": {"of": "queue", "name": "示例", "light": "red"},
}
# Who may do what is posted; to everything else, and to all others, the house says no.
DEEDS = {
    "withdraw": PARTY,
    "recuse": PARTY,
    "work-claim": QUEUE,
    "claim-next": {*QUEUE, "other acceptor"},  # each from their own queue
    "view-keep": WORKERS,
    "propose": CASE & WORKERS,
    "proposal-decide": DECIDES,
    "term-propose": {"office supervisor", "operator"},
    "term-decide": DECIDES_ON_LAW,
    "calendar-decide": DECIDES_ON_LAW,
    "demand-answer": DEMANDED,
    "step-demand": DIRECTS,
}
# Who is answered by an operation of the API about the same case.
OPERATIONS = {
    "list_case_types": KNOWN,
    "show_case_type": KNOWN,
    "list_records": KNOWN,
    "show_record": PARTY,
    "show_commitment": PARTY,
    "hand_in_file": NOBODY,  # nothing is handed in here: tried in test_api
    "fetch_file": CASE,
    "list_doors": KNOWN,
    "show_door": NOBODY,  # nothing is pointed at: tried in test_openings
    "open_case": NOBODY,  # without answers
    "open_for_unit": NOBODY,  # likewise
    "list_cases": KNOWN,
    "show_case": CASE,
    "withdraw_case": PARTY,
    "list_events": CASE,
    "read_letter": CASE,
    "fetch_letter": CASE,
    "list_queue": WORKERS,
    "list_mine": WORKERS,
    "list_asked": KNOWN,
    "show_item": STEP,
    "claim_item": QUEUE,
    "release_item": NOBODY,
    "complete_item": NOBODY,
    # Without saying what, or about a step that nobody has claimed.
    "consult": NOBODY,
    "take_back": NOBODY,
    "transfer": NOBODY,
    "send_back": NOBODY,
    "recuse": NOBODY,
    "propose": NOBODY,
    "decide": NOBODY,
    "list_case_proposals": CASE,
    "list_proposals": WORKERS,
    "list_late": WATCHERS,
}
OPEN_SCHEMA = {"openapi-json", "openapi-view"}


def mirrored(roles):
    """Return who stands to case B as these roles stand to case A."""
    return {MIRRORED.get(role, role) for role in roles} - {None}


def about(roles, which):
    by_duty = (EVERYBODY, KNOWN, WORKERS, WATCHERS, KEEPERS, OPENERS)
    return roles if which == "a" or roles in by_duty else mirrored(roles)
