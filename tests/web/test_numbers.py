"""Numbers as they come in addresses and forms."""

import pytest

from web.numbers import number_in


class TestANumber:
    @pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("9" * 18, 10**18 - 1)])
    def test_is_what_its_digits_say(self, text, number):
        assert number_in(text) == number

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x",
            "-1",
            "1.5",
            " 7",
            "9" * 19,  # no key of the database
            "9" * 5000,  # more digits than Python reads
            "²",  # a digit to Python, and no number
            "\u0667",  # a number to Python, and nothing we wrote
            "7\x00",
        ],
    )
    def test_is_none_of_what_nobody_would_type(self, text):
        assert number_in(text) is None
