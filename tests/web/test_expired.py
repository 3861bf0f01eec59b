"""What somebody typed into a form without a draft, when their session had ended."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.web.test_guided import mark_in
from tests.workflows.walks import open_a_repair

TYPED = "承办人与当事人系同学关系，可能影响公正办理。（示例）"


@pytest.fixture
def address(applicant, penalty):
    return reverse("recuse", args=[open_a_repair(applicant, penalty).reference])


@pytest.fixture
def late(client, applicant, address):
    """Send a form after its session has ended."""
    client.force_login(applicant.user)
    client.get(address)
    del client.cookies["sessionid"]
    return client.post(address, {"named": "甲", "reason": TYPED}, headers={"Referer": _at(address)})


def _at(address):
    return f"http://testserver{address}"


class TestText:
    def test_is_not_lost_and_leads_to_the_sign_in(self, late, address):
        assert late.status_code == 302
        assert late.url.startswith(reverse("account_login"))
        assert address in late.url

    def test_is_shown_to_its_writer_who_signs_in_again(self, client, late, applicant, address):
        client.force_login(applicant.user)
        assertContains(client.get(address), TYPED)
        assertNotContains(client.get(address), TYPED)

    def test_is_shown_to_nobody_else(self, client, late, clerk):
        client.force_login(clerk.user)
        assertNotContains(client.get(reverse("desk")), TYPED)

    def test_is_kept_for_nobody_who_never_signed_in_here(self, client, address):
        refused = client.post(address, {"named": "甲", "reason": TYPED})
        assert refused.status_code == 302
        assert TYPED not in str(dict(client.session))


class TestAFormWithADraft:
    def test_is_given_back_once_and_never_as_a_line_of_text(self, client, applicant, penalty):
        form = reverse("apply", args=[penalty.pk, "repair"])
        client.force_login(applicant.user)
        mark = mark_in(client.get(form))
        del client.cookies["sessionid"]
        refused = client.post(form, {"draft_of": mark, "receipt_number": TYPED})

        assert refused.url.startswith(reverse("account_login"))
        assert len(client.get(refused.url).context["messages"]) == 1
        client.force_login(applicant.user)
        page = client.get(form)

        assertContains(page, TYPED, count=1)
        assert not any(mark in str(message) for message in page.context["messages"])

    def test_whose_mark_has_grown_old_loses_no_text_and_shows_no_mark(
        self, client, applicant, address
    ):
        client.force_login(applicant.user)
        client.get(address)
        del client.cookies["sessionid"]
        client.post(address, {"draft_of": "an-old-mark", "reason": TYPED})
        client.force_login(applicant.user)
        page = client.get(address)

        assertContains(page, TYPED)
        assertNotContains(page, "an-old-mark")


class TestAForgottenPassword:
    def test_can_be_reset_by_somebody_who_wrote_here_before(self, client, applicant, address):
        client.force_login(applicant.user)
        client.get(address)
        del client.cookies["sessionid"]
        asked = client.post(reverse("account_reset_password"), {"email": "somebody@example.com"})
        assert asked.url == reverse("account_reset_password_done")

    def test_is_never_kept(self, client, applicant, address):
        client.force_login(applicant.user)
        client.get(address)
        del client.cookies["sessionid"]
        secret = {"oldpassword": "old-示例-secret", "password1": "new-示例-secret"}
        refused = client.post(reverse("account_change_password"), secret)
        assert refused.status_code == 302
        assert "secret" not in str(dict(client.session))
