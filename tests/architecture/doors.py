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
WATCHERS = {"supervisor", "other supervisor", "office supervisor", "auditor"}
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
    "records": KNOWN,
    "record": PARTY,
    "apply": NOBODY,  # the record has its case already
    "begin": KNOWN,
    "follow": NOBODY,  # nothing follows a case that is open
    "cases": KNOWN,
    "case": PARTY,
    "receipt": PARTY,
    "withdraw": NOBODY,
    "recuse": PARTY,
    "asked": NOBODY,  # nothing is asked of the party now
    "messages": KNOWN,
    "letter": CASE,
    "letter-pdf": CASE,
    "file": CASE,
    "desk": WORKERS,
    "queue": WORKERS,
    "work": QUEUE,
    "work-claim": NOBODY,
    "work-release": NOBODY,
    "work-ask": NOBODY,  # nobody has claimed the step
    "work-take-back": NOBODY,
    "work-transfer": NOBODY,
    "work-return": NOBODY,
    "desk-open": WORKERS,
    "desk-open-door": OPENERS,
    "desk-case": CASE & WORKERS,
    "case-what-if": CASE & WORKERS,
    "propose": CASE & WORKERS,
    "proposals": WORKERS,
    "proposal-decide": NOBODY,
    "term-decide": NOBODY,
    "demands": WORKERS,
    "demand-answer": NOBODY,
    "oversight": WATCHERS,
    "steps": WATCHERS,
    "workload": WATCHERS,
    "statistics": WATCHERS,
    "statistics-download": WATCHERS,
    "bulletin": WATCHERS,
    "bulletin-download": WATCHERS,
    "what-if": WATCHERS,
    "term-propose": {"office supervisor"},  # whose units have no say in the rules only ask
    "oversight-case": CASE & WATCHERS,
    "oversight-log": CASE & WATCHERS,
    "health-live": EVERYBODY,
    "health-ready": EVERYBODY,
    None: NOBODY,  # what the API does not have
}
# Closed to those it is for too, who are told in which case the record is, or what to point at.
NAMES_THE_CASE = {"apply", "open_case", "begin", "desk-open-door"}
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
}
# Who may do what is posted; to everything else, and to all others, the house says no.
DEEDS = {
    "withdraw": PARTY,
    "recuse": PARTY,
    "work-claim": QUEUE,
    "propose": CASE & WORKERS,
    "proposal-decide": DECIDES,
    "term-propose": {"office supervisor"},
    "term-decide": DECIDES_ON_LAW,
    "demand-answer": DEMANDED,
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
    by_duty = (EVERYBODY, KNOWN, WORKERS, WATCHERS, OPENERS)
    return roles if which == "a" or roles in by_duty else mirrored(roles)
