"""Numbers as they come in addresses and forms, typed by people or by nobody."""

# What fits a key of the database; a longer one names nothing.
_LONGEST = 18


def number_in(text: str) -> int | None:
    """Return the number that a text is, or nothing for what is none or too long to be a key."""
    is_one = text.isascii() and text.isdigit() and len(text) <= _LONGEST
    return int(text) if is_one else None
