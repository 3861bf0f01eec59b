"""Placeholder until the real one lands."""
from notifications.models import Delivery, Message
def send(*, to, about, subject, body, letter=None, at):
    people = list(to) if isinstance(to,(list,tuple)) else [to]
    ms=Message.objects.bulk_create([Message(to=p,about=about,letter=letter,subject=subject,body=body,queued_at=at) for p in people])
    Delivery.objects.bulk_create([Delivery(message=m,channel="email",next_try_at=at) for m in ms if m.to.email])
