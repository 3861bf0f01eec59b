"""What a page or an answer of the API is made of: plain dictionaries, in the reader's words."""

from typing import Any

Shown = dict[str, Any]
