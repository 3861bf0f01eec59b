"""The operators' desk for letters that were issued and for messages on their way, without texts."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tables import ReadOnly
from notifications import delivery
from notifications.models import Delivery, Letter


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    """Letters as they were issued: number, title and day; the text is for those it is about."""

    list_display = ("number", "title", "about", "issued_at", "has_pdf")
    list_filter = (("pdf", admin.EmptyFieldListFilter),)
    search_fields = ("number", "about", "title")
    search_help_text = gettext_lazy("Number, title or case number")
    date_hierarchy = "issued_at"
    ordering = ("-issued_at", "-pk")
    fields = ("number", "title", "title_en", "about", "issued_at", "sha256", "has_pdf")
    readonly_fields = ("has_pdf",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the letters without their texts."""
        return super().get_queryset(request).defer("html", "html_en")

    @admin.display(description=gettext_lazy("PDF made"), boolean=True, ordering="pdf")
    def has_pdf(self, letter: Letter) -> bool:
        """Test that the PDF has been made."""
        return bool(letter.pdf)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """What is carried to people outside the portal; what was given up can be tried again."""

    list_display = ("about", "channel", "state", "attempts", "next_try_at", "sent_at", "trouble")
    list_select_related = ("message",)
    list_filter = ("state", "channel")
    search_fields = ("message__about",)
    search_help_text = gettext_lazy("Case number")
    date_hierarchy = "next_try_at"
    ordering = ("-next_try_at", "-pk")
    # To whom and what is no business of the desk, and a problem may name an address.
    fields = ("about", "channel", "state", "attempts", "next_try_at", "sent_at", "trouble")
    readonly_fields = ("about", "trouble")
    actions = ("retry",)

    @admin.display(description=gettext_lazy("case"), ordering="message__about")
    def about(self, carried: Delivery) -> str:
        """Return the case a message is about."""
        return carried.message.about

    @admin.display(description=gettext_lazy("last problem"))
    def trouble(self, carried: Delivery) -> str:
        """Return the kind of the last problem."""
        return carried.problem.partition(":")[0]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Test that this operator may have deliveries tried again."""
        return request.user.has_perm("notifications.change_delivery")

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Let what was given up be tried again, in one act."""
        with self.desk.acting(request) as act:
            again = delivery.retry(chosen, at=act.at)
            if again:
                told = {"deliveries": [one.pk for one in again]}
                self.desk.note("delivery_retried", "outbox", was={}, now=told, personal=frozenset())
        said = _("To be tried again: %(n)d. Only what was given up is.")
        self.message_user(request, said % {"n": len(again)}, messages.SUCCESS)
