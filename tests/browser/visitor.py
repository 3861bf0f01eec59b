"""A person in front of a browser, whose every complaint is noted."""

from django.utils.translation import gettext, override
from playwright.sync_api import expect

LOCALES = {"zh-hans": "zh-CN", "en": "en-US"}


class Visitor:
    """Opens pages and presses what it reads there; labels are given as msgids."""

    def __init__(self, context, site, language):
        self.context, self.site, self.language = context, site, language
        self.complaints, self.refusals = [], []
        self.page = context.new_page()
        self.page.set_default_timeout(8000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def opens(self, path):
        return self.page.goto(f"{self.site}{path}")

    def signs_in(self, user, password):
        self.opens("/accounts/login/")
        self.fills(self.page.locator("#id_login"), user.username)
        self.fills(self.page.locator("#id_password"), password)
        self.presses("Sign in", within=self.page.get_by_role("main"))

    def presses(self, label, *, within=None):
        """Press a button, or follow a link, and wait for the page that answers."""
        place = within or self.page
        named = self.says(label)
        pressed = place.get_by_role("button", name=named).or_(place.get_by_role("link", name=named))
        with self.page.expect_navigation():
            pressed.first.click()

    def fills(self, field, text):
        (self.field(field) if isinstance(field, str) else field).fill(text)

    def ticks(self, label):
        self.field(label).check()

    def answers(self, question, choice):
        asked = self.page.get_by_role("group", name=self.says(question))
        named = self.page.get_by_text(self.says(choice), exact=True)
        asked.locator("label").filter(has=named).get_by_role("radio").check()

    def hands_in(self, label, name, content):
        upload = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.field(label).set_input_files(upload)

    def field(self, label):
        return self.page.get_by_label(self.says(label))

    def reads(self, text):
        """Wait until the page says so."""
        expect(self.page.locator("body")).to_contain_text(self.says(text))

    def does_not_read(self, text):
        expect(self.page.locator("body")).not_to_contain_text(self.says(text))

    def is_told_no(self, status):
        """Expect that the page before the eyes is a refusal."""
        assert self.refusals.pop() == (status, self.page.url)

    def says(self, msgid):
        """Return a msgid in the language of this person."""
        with override(self.language):
            return gettext(msgid)

    def leaves(self):
        self.context.close()
        noted = [*self.complaints, *self.refusals]
        assert noted == [], noted

    def _hear(self, message):
        # What could not be loaded is noted by its answer.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _failed(self, request):
        # The browser gives up a page for a download.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response):
        if response.status < 400:
            return
        told = (response.status, response.url)
        is_page = response.request.is_navigation_request()
        (self.refusals if is_page else self.complaints).append(told)
