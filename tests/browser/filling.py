"""Whatever a page asks by name is answered, looked at, and handed in by its main button."""

import shutil
from pathlib import Path

from playwright.sync_api import expect

from tests.actors import a_pdf

SCREENS = Path(__file__).parents[2] / "build" / "screens"
FORM = "main form.form"
# What htmx says when a newer look ahead, or the step itself, overtakes one that is on its way.
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")
# What a form asks: each name once, how it is asked, and the ids of its uploads.
ASKED = """(form) => {
  const asked = {};
  for (const one of form.elements) {
    if (!one.name || one.disabled || ["hidden", "submit"].includes(one.type)) continue;
    if (one.type === "checkbox" && one.closest(".files-kept")) continue;
    const how = one.type === "file" && !one.multiple && !one.required ? "file" : one.type;
    (asked[one.name] ??= {how, ids: []}).ids.push(one.id);
  }
  return asked;
}"""
TOO_WIDE = """() => {
  const [wide, room] = [document.documentElement.scrollWidth, innerWidth];
  if (wide <= room) return "";
  const over = [...document.querySelectorAll("main *")].filter(
    (one) => one.getBoundingClientRect().right > room + 1);
  return `${wide} of ${room}: ${over[0]?.outerHTML.slice(0, 160)}`;
}"""


class Album:
    """The pictures of one journey, each taken of a page that fits its screen."""

    def __init__(self, journey, size):
        self.folder, self.taken = SCREENS / journey / size, 0
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def takes(self, visitor, role, step):
        """Take a picture of the page before a person; it must not be wider than the screen."""
        self.taken += 1
        page = visitor.page
        assert page.evaluate(TOO_WIDE) == "", f"{role}: {page.url}"
        page.evaluate("scrollTo(0, 0)")  # what sticks to the top stands at the top
        name = f"{self.taken:02}-{role}-{step.replace('.', '-')}.png"
        page.screenshot(path=self.folder / name, full_page=True)


def fill(visitor, answers):
    """Answer what the form before a person asks, as far as there is an answer; hand in files."""
    form, done = visitor.page.locator(FORM).first, set()
    # An answer may bring up further questions.
    while new := {n: how for n, how in form.evaluate(ASKED).items() if n not in done}:
        done |= new.keys()
        for name, asked in new.items():
            if asked["how"] == "file":
                upload(visitor, asked["ids"][0])
            elif name in answers:
                _answer(form.locator(f'[name="{name}"]'), asked["how"], answers[name])


def upload(visitor, name):
    """Hand in a file and wait until it has its line."""
    chosen = visitor.page.locator(f"[id='{name}']")
    box = visitor.page.locator(".files").filter(has=chosen)
    told = {"name": "示例材料.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    chosen.set_input_files(told)
    expect(box.locator(".files-kept .file-line")).to_have_count(1)


def _answer(field, how, said):
    if how == "radio":
        field.and_(field.page.locator(f'[value="{said}"]')).check()
    elif how == "checkbox":
        field.first.check()
    elif how.startswith("select"):
        field.select_option(said)
    else:
        field.fill(said)


def _look_ahead(page):
    """Have the page tell what the step will do, where it can."""
    ahead = page.locator("[data-foresee]")
    if ahead.count():
        with page.expect_response("**/preview/"):
            ahead.click()
        expect(page.locator("#foreseen")).not_to_be_empty()


def press(visitor, button):
    """Press a button that leads on; whatever is wrong with the answers is told."""
    with visitor.page.expect_navigation():
        button.click()
    said = visitor.page.locator(".error-summary")
    assert said.count() == 0, said.inner_text()


def hand_in(visitor, answers, *, album, role, step):
    """Fill in a form, page by page if it has pages, and hand it in; each page is pictured."""
    page = visitor.page
    onward = page.locator(f"{FORM} button[name=go][value=next]")
    while onward.count():
        fill(visitor, answers)
        album.takes(visitor, role, step)
        press(visitor, onward)
    if not page.url.endswith("page=review"):
        fill(visitor, answers)
        _look_ahead(page)
    album.takes(visitor, role, step)
    press(visitor, page.locator(f"{FORM} .form-foot > button").first)
    heard = [said for said in visitor.complaints if not said.startswith(OVERTAKEN)]
    visitor.complaints[:] = heard
