"""Every page of every role: accessible, quiet, and never wider than its screen."""

from dataclasses import dataclass, replace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import URLPattern, get_resolver, resolve

from tests.browser.town import CASES, Town

pytestmark = pytest.mark.browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": STANDARD}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AXE = """async (options) => {
  const said = await axe.run({...options, resultTypes: ["violations"], preload: false});
  const wide = document.documentElement.scrollWidth > innerWidth ? ["wider than its screen"] : [];
  const told = (fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" | ")}`;
  return wide.concat(said.violations.map(told));
}"""
# What has moved since the page began to show, though nobody touched it; a busy machine may show
# half a header first, which is less than a hundredth of the screen.
MOVED = """() => new Promise((tell) => {
  const shifts = [];
  const note = (list) => shifts.push(...list.getEntries().filter(({value}) => value > 0.01));
  new PerformanceObserver(note).observe({type: "layout-shift", buffered: true});
  const moved = ({node}) => `moves: ${node?.outerHTML?.slice(0, 120)}`;
  setTimeout(() => tell(shifts.flatMap(({sources}) => sources.map(moved))), 50);
})"""
# Only colours differ between day and night: the other rules are asked once for each width.
LOOKS = [
    (1280, "light", EVERY_RULE),
    (1280, "dark", COLOURS),
    (360, "light", COLOURS),
    (360, "dark", EVERY_RULE),
]
# How wide the screen is on which a page is opened; the looks come after.
OPENED_AT = {"zh-hans": 1280, "en": 360}
FACES = {
    "applicant": ["anonymous", "applicant"],
    "desk": ["handler", "acceptor", "reviewer", "approver"],
    "desk of the office": ["clerk", "office_handler", "office_approver", "adviser"],
    "oversight": ["supervisor", "auditor"],
    "operator": ["operator"],
}
QUESTION = "key=repair.ndrc.decide&value=3&since=2026-09-01&open_cases=move"
NOT_FOUND = (
    "No case has this number and this query code. "
    "Look at both on the receipt; letters and digits count."
)


@dataclass(frozen=True)
class LookedUp:
    """A page that answers a query code: it has no address of its own, so the code is typed."""

    path: str
    code: str
    tells: str


# What each role looks at; a page that refuses comes with the status of the refusal.
PAGES = {
    "anonymous": [
        "/",
        "/track/",
        LookedUp("/track/?reference={closed}", "{code}", "What has happened"),
        LookedUp("/track/?reference={closed}", "WRONG", NOT_FOUND),
        "/public/",
        "/public/?q=nothing",
        "/public/?q={code_of_party}",
        "/public/{code_of_party}/",
        ("/public/NOBODY/", 404),
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/inactive/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/3-wrong/",
        "/accounts/password/reset/key/done/",
        "/api/v1/docs/",
        "/admin/login/",
        ("/nowhere/", 404),
    ],
    "applicant": [
        "/",
        "/records/",
        "/records/?q=nothing",
        "/records/{free}/",
        "/records/{young}/",
        "/records/{free}/apply/repair/",  # a draft, at its review
        "/records/{free}/apply/repair/?page=correction",
        "/records/{free}/apply/repair/?page=signature",
        "/records/{free}/apply/repair/reorganised/?page=review",
        "/records/{free}/apply/repair/reorganised/",
        "/records/{free}/apply/objection/",
        "/begin/commitment/opened/",
        "/begin/commitment/opened/?org={code_of_party}&item=RL01",
        "/begin/commitment/opened/?org={code_of_party}&item=RL01&page=contact",
        "/begin/commitment/opened/?org={code_of_party}&item=ZJ01",
        "/cases/{decided}/",
        "/cases/{decided}/follow/again/",
        "/cases/{asked}/recuse/",
        ("/records/{young}/apply/repair/", 422),
        "/cases/",
        "/cases/{closed}/",
        "/cases/{asked}/",
        "/cases/{received}/receipt/",
        "/cases/{received}/withdraw/",
        "/cases/{closed}/rate/",
        "/asked/{asked_item}/",
        "/asked/{redo_item}/",
        "/messages/",
        "/letters/{closing}/",
        "/letters/{receipt}/?language=en",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        ("/desk/", 403),
    ],
    "clerk": [
        "/",
        "/messages/",
        "/desk/",
        "/desk/?text=nothing",
        "/desk/queue/",
        "/desk/queue/?light=red&sort=waited",
        "/desk/search/",
        "/desk/search/?q={code_of_party}",
        "/desk/search/?q=nothing",
        "/desk/work/{received_item}/",
        "/desk/work/{claimed_item}/",
        "/desk/cases/{closed}/",
        "/desk/demands/",
        "/desk/proposals/",
        "/desk/counter/",
        "/desk/counter/?q={code_of_party}",
        "/desk/counter/?q=nothing",
        "/desk/counter/{code_of_party}/",
        "/desk/counter/{code_of_party}/repair/opened/?record={free}",
        "/desk/counter/{code_of_party}/repair/opened/?record={free}&text=1",
        "/desk/counter/{code_of_party}/commitment/opened/",
        "/desk/counter/asked/{redo_item}/",
        "/desk/counter/cases/{entered}/receipt/",
        "/desk/counter/cases/{received}/withdraw/",
        ("/desk/counter/91370115MA0000000X/", 404),
        ("/desk/work/{pushed_item}/", 404),
        ("/oversight/what-if/", 403),
    ],
    "acceptor": ["/desk/", "/desk/queue/", "/desk/work/{pushed_item}/"],
    "reviewer": ["/desk/work/{review_item}/"],
    "handler": [
        "/desk/work/{verify_item}/",
        "/desk/work/{verified_item}/",
        "/desk/queue/",
        "/desk/demands/",
        "/desk/cases/{verify}/",
        "/desk/cases/{verify}/route/",
        "/desk/cases/{verify}/propose/suspend/",
        "/desk/cases/{verify}/propose/resume/",
        "/desk/cases/{verify}/propose/extend/",
        "/desk/cases/{verify}/propose/correct_start/",
        "/desk/cases/{verify}/propose/recuse/",
        "/desk/work/{verify_item}/ask/",
        "/desk/work/{verify_item}/asked/{aside}/",
        "/desk/work/{verify_item}/transfer/",
        "/desk/work/{verify_item}/return/",
        "/desk/open/",
        "/desk/open/interview/opened/",
        "/desk/open/interview/opened/?q=nothing",
        "/desk/open/interview/opened/?record={free}",
        "/desk/open/interview/found/",
        "/desk/cases/{verify}/what-if/",
        "/desk/cases/{verify}/what-if/?event=suspend&days=6",
        ("/desk/cases/{verify}/what-if/?event=extend&days=6", 422),
    ],
    "approver": ["/desk/work/{decide_item}/", "/desk/proposals/"],
    "office_approver": ["/desk/proposals/", "/desk/open/"],
    "adviser": ["/desk/", "/desk/work/{aside}/"],
    "office_handler": ["/desk/work/{confirm_item}/", "/letters/{closing}/"],
    "supervisor": [
        "/oversight/",
        "/oversight/steps/?light=red",
        "/oversight/steps/{verify_item}/reassign/",
        "/oversight/steps/{verify_item}/demand/?kind=explain",
        "/oversight/steps/together/?do=reassign&item={verify_item}",
        "/oversight/steps/together/?do=urge&item={verify_item}&item={decide_item}",
        "/oversight/demands/",
        "/oversight/statistics/",
        "/oversight/bulletin/",
        "/oversight/bulletin/?period=2026",
        "/oversight/ratings/",
        "/oversight/ratings/?show=",
        "/oversight/workload/",
        "/oversight/cases/{asked}/",
        "/oversight/cases/{asked}/log/",
        "/oversight/cases/{asked}/route/",
        "/oversight/what-if/",
        f"/oversight/what-if/?{QUESTION}",
        f"/oversight/what-if/?{QUESTION.replace('move', 'keep')}",
        (f"/oversight/what-if/?{QUESTION.replace('ndrc', 'none')}", 422),
        "/oversight/terms/propose/",
        "/oversight/calendar/",
        "/oversight/calendar/propose/",
        ("/oversight/cases/XF-2026-999999/", 404),
    ],
    "auditor": [
        "/oversight/",
        "/oversight/what-if/",
        "/oversight/cases/{closed}/log/",
        ("/oversight/terms/propose/", 403),
    ],
    "operator": ["/styleguide/"],
}
NO_PAGES = {
    *("draft-save", "draft-drop", "work-preview"),  # only ever posted to
    *("rating-follow-up", "work-claim", "work-release", "set_language"),  # only ever posted to
    *("proposal-decide", "term-decide", "calendar-decide", "demand-answer"),  # likewise
    *("claim-next", "claim-ticked", "release-ticked", "view-keep", "view-share", "view-drop"),
    *("upload", "file-view"),  # only ever posted to; a picture or a PDF
    "letter-view",  # the sheet of a letter, shown inside the page of a case
    *("letter-pdf", "file", "health-live", "health-ready", "health-clock"),  # no HTML
    "styleguide-schemes",  # a sheet of styles
    *("statistics-download", "bulletin-download", "ratings-download"),  # likewise
    # E-mail addresses are kept by the operators: these lead nowhere without one to confirm.
    *("account_email", "account_email_verification_sent", "account_confirm_email"),
    *("account_set_password", "account_confirm_login_code"),
    None,  # what the API does not have
}
NOWHERE = {"/nowhere/"}


@pytest.fixture
def town(applicant, penalty, staff, bureau, office):
    return Town(applicant, penalty, staff, bureau, office)


def names(town):
    closed = town.cases["closed"]
    items = {f"{name}_item": town.item(name) for name in town.cases}
    records = {"free": town.free.pk, "young": town.young.pk, "code": closed.query_code}
    letters = {"closing": town.letter("closed"), "receipt": town.letter("receipt")}
    beside = {"aside": town.aside, "decided": town.decided, "entered": town.entered}
    party = {"code_of_party": closed.party.credit_code}
    cases = {name: town.case(name) for name in town.cases}
    return {**cases, **items, **records, **letters, **beside, **party}


def addresses(role, named):
    """Yield the address of each page, the status it comes with, and what is then looked up."""
    for page in PAGES[role]:
        if isinstance(page, LookedUp):
            yield page.path.format(**named), 200, replace(page, code=page.code.format(**named))
        else:
            path, status = page if isinstance(page, tuple) else (page, 200)
            yield path.format(**named), status, None


def looks_up(visitor, page):
    visitor.fills("Query code", page.code)
    visitor.presses("Look up")
    visitor.reads(page.tells)


def opened(visitor, path, looked_up):
    """Return with which status a page opened, and what has moved on it by itself."""
    visitor.page.set_viewport_size({"width": OPENED_AT[visitor.language], "height": 900})
    answer = visitor.opens(path)
    if answer.status >= 400:
        visitor.is_told_no(answer.status)
    if looked_up:
        looks_up(visitor, looked_up)
    return answer.status, visitor.page.evaluate(MOVED)


def faults(visitor, path, status, looked_up=None):
    """Return what is wrong with a page as it opens, at every width and by day and night."""
    answered, moved = opened(visitor, path, looked_up)
    if moved:  # a busy machine may paint half a page once; what moves again is the page's own
        answered, moved = opened(visitor, path, looked_up)
    found = [] if answered == status else [f"{path}: {answered}"]
    found += [f"{visitor.language} {path} {one}" for one in moved]
    visitor.page.evaluate(AXE_SCRIPT)
    for width, scheme, rules in LOOKS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.emulate_media(color_scheme=scheme)
        said = visitor.page.evaluate(AXE, rules)
        found += [f"{visitor.language} {width} {scheme} {path} {one}" for one in said]
    return found


class TestEveryPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("face", FACES)
    def test_is_accessible_quiet_and_fits_its_screen(self, visit, clock, town, face, language):
        clock.forward(days=8)
        named = names(town)
        found = []
        for role in FACES[face]:
            visitor = visit(town.people[role], language=language)
            for page in addresses(role, named):
                found += faults(visitor, *page)

        assert "\n".join(found) == ""

    def test_is_seen_to_move(self, visit):
        anybody = visit()
        anybody.opens("/")
        assert anybody.page.evaluate(MOVED) == []
        anybody.page.evaluate("document.querySelector('main').style.paddingTop = '300px'")
        anybody.page.screenshot()
        assert anybody.page.evaluate(MOVED) != []

    def test_is_looked_at(self):
        items = {f"{name}_item": 1 for name in CASES}
        plain = ("free", "young", "code", "closing", "receipt", "aside", "decided", "entered")
        others = dict.fromkeys((*plain, "code_of_party"), 1)
        named = {**dict.fromkeys(CASES, "XF-2026-000001"), **items, **others}
        paths = [path for role in PAGES for path, *_told in addresses(role, named)]
        seen = {resolve(path.partition("?")[0]).view_name for path in paths if path not in NOWHERE}

        assert set(_names(get_resolver().url_patterns)) - seen == NO_PAGES


def _names(patterns):
    """Yield the name of every address of our own; the API and the admin have names of theirs."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        elif not pattern.namespace:
            yield from _names(pattern.url_patterns)
