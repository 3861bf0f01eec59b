"""The unified social credit code: what passes, what does not, and what is said about it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from records.credit_code import ALPHABET, body_digit, check, last_character

ISSUED_LOOKING = [
    ("91370115MAXQ7K2B6Y", "Enterprise"),
    ("91370115MAY3T8HD6R", "Enterprise"),
    ("91370100MAWJ2R6EX7", "Enterprise"),  # the inner check is an X
    ("92370115MAXH5U9L0J", "Individually owned business"),
    ("93370115MAY8C4NT61", "Farmers' cooperative"),
    ("N2370115MFX42D9E71", "Collective economic organisation of a village"),
    ("53370100MJX73G8A9F", "Foundation"),
    ("91110000600037341L", "Enterprise"),  # an example of the standard's own readers
    ("11230500001755309F", "State organ"),
]
bodies = st.text(ALPHABET, min_size=8, max_size=8).filter(
    lambda body: body.strip("0") and not body.startswith("PDY")
)


def compose(pair: str, region: str, body: str) -> str:
    first = pair + region + body + body_digit(body)
    return first + last_character(first)


codes = st.builds(
    compose, st.sampled_from(["11", "91", "92", "A1", "N2"]), st.just("370115"), bodies
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class TestCheck:
    @pytest.mark.parametrize(("code", "kind"), ISSUED_LOOKING)
    def test_accepts_a_code_and_names_its_kind(self, code, kind):
        found = check(code)

        assert (found.valid, found.normalised, found.kind) == (True, code, kind)
        assert found.reasons == found.warnings == []

    @given(codes)
    def test_accepts_every_composed_code(self, code):
        assert check(code).valid

    @given(codes, st.integers(0, 17), st.sampled_from(ALPHABET), st.booleans())
    def test_catches_every_single_substitution(self, code, place, other, imported):
        mistyped = code[:place] + other + code[place + 1 :]

        assert check(mistyped, imported=imported).valid == (mistyped == code)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "18 characters; this one has 0"),
            ("91370115MAXQ7K2B6", "18 characters; this one has 17"),
            ("91370115MAXQ7K2B6YY", "18 characters; this one has 19"),
            ("9137O115MAXQ7K2B6Y", "never used: O"),
            ("91370115MAXQ7K2B6é", "never used: É"),
            ("91370115MAXQ7K2B٦Y", "never used"),  # an Arabic six
            (compose("99", "370115", "MAXQ7K2B"), "known as “99”"),
            (compose("91", "37A115", "MAXQ7K2B"), "must be digits"),
            ("91370115MAXQ7K2B6X", "last character does not match"),
            (compose("91", "370115", "00000000"), "never issued"),
            (compose("91", "370115", "PDY00001"), "never issued"),
        ],
    )
    def test_says_what_is_wrong(self, text, sentence):
        found = check(text)

        assert not found.valid
        assert sentence in " ".join(found.reasons)

    @pytest.mark.parametrize(
        ("text", "kind", "sentence"),
        [
            ("370125600000001", "Registration number", "registration number of 15 digits"),
            ("370125200001249", "Registration number", "find its unified code"),
            ("60003734-1", "Organisation code", "characters 9 to 17"),
            ("maxq7k2b6", "Organisation code", "organisation code of 9 characters"),
            ("370125 MAXQ7K2B6", "Tax number", "its last 9 are the organisation code"),
        ],
    )
    def test_recognises_the_numbers_used_before_the_unified_code(self, text, kind, sentence):
        found = check(text)

        assert (found.valid, found.kind) == (False, kind)
        assert len(found.reasons) == 1
        assert sentence in found.reasons[0]

    @pytest.mark.parametrize("text", ["370125600000002", "600037342", "370125MAXQ7K2B7"])
    def test_does_not_take_a_mistyped_one_for_an_old_number(self, text):
        found = check(text)

        assert found.kind not in ("Registration number", "Organisation code", "Tax number")
        assert "18 characters" in found.reasons[0]

    def test_stops_at_the_first_layer_that_makes_the_others_meaningless(self):
        assert len(check("no code at all").reasons) == 1

    @pytest.mark.parametrize("number", ["11010519491231002X", "37012519800101001X"])
    def test_never_takes_a_persons_identity_number(self, number):
        found = check(number, imported=True)

        assert not found.valid
        assert any("identity number" in reason for reason in found.reasons)

    def test_reads_what_people_write_and_says_what_it_corrected(self):
        found = check(" ９１３７０１１５－maxq 7k2b-6y\u200b ")  # noqa: RUF001

        assert found.valid
        assert found.normalised == "91370115MAXQ7K2B6Y"
        assert found.warnings == [
            "Full-width characters were read as half-width ones.",
            "Spaces and hyphens were removed.",
            "Small letters were read as capital letters.",
        ]

    @pytest.mark.parametrize(
        ("region", "warning"),
        [
            ("370125", "Region 370125 is historical; it is 370115 today."),
            ("371202", "Region 371202 is historical; it is 370116 today."),
            ("370199", "Region 370199 is not known."),
            ("990000", "Region 990000 is not known."),
        ],
    )
    def test_only_warns_of_an_old_or_unknown_region(self, region, warning):
        found = check(compose("91", region, "MAXQ7K2B"))

        assert (found.valid, found.warnings) == (True, [warning])

    def test_forgives_a_wrong_inner_digit_to_an_import_but_not_to_a_new_code(self):
        first = "91370115MAXQ7K2B7"
        code = first + last_character(first)

        assert not check(code).valid
        assert check(code, imported=True).valid
        assert "Character 17" in check(code, imported=True).warnings[0]


class TestCheckCode:
    def test_prints_what_was_found_as_json(self):
        out = StringIO()
        call_command("check_code", "91370115maxq7k2b6y", stdout=out)

        assert json.loads(out.getvalue()) == {
            "valid": True,
            "normalised": "91370115MAXQ7K2B6Y",
            "kind": "Enterprise",
            "reasons": [],
            "warnings": ["Small letters were read as capital letters."],
        }

    def test_prints_what_an_old_number_is_and_how_it_was_read(self):
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("check_code", "60003734-1", stdout=out)
        found = json.loads(out.getvalue())

        assert list(found) == ["valid", "normalised", "kind", "reasons", "warnings"]
        assert (found["valid"], found["normalised"]) == (False, "600037341")
        assert found["kind"] == "Organisation code"
        assert found["warnings"] == ["Spaces and hyphens were removed."]

    def test_exits_with_1_when_the_code_is_wrong(self):
        out = StringIO()
        with pytest.raises(SystemExit) as stopped:
            call_command("check_code", "91370115MAXQ7K2B6X", stdout=out)

        assert stopped.value.code == 1
        assert json.loads(out.getvalue())["valid"] is False
