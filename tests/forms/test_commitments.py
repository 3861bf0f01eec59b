"""Commitments: shown in full, signed by the hash of exactly what was shown."""

import hashlib
from types import SimpleNamespace

import pytest

from forms.commitments import text_to_sign
from tests.conftest import TUESDAY
from workflows.case_type import case_type


@pytest.fixture
def commitment():
    return case_type("repair").folder / "letters" / "commitment.txt"


def about(name="某公司（示例）", number="示例〔2026〕1号"):
    return {
        "party": SimpleNamespace(name=name, credit_code="91370115MAY3T8HD6R"),
        "record": SimpleNamespace(
            document_number=number, authority_name="某局（示例）", decided_on=TUESDAY.date()
        ),
    }


class TestACommitment:
    def test_names_the_party_the_decision_and_its_day(self, commitment):
        text, _signed = text_to_sign(commitment, **about())

        for said in ("某公司（示例）", "91370115MAY3T8HD6R", "示例〔2026〕1号", "2026年9月29日"):
            assert said in text
        assert "{{" not in text

    def test_is_known_by_the_hash_of_the_text_shown(self, commitment):
        text, signed = text_to_sign(commitment, **about())

        assert signed == hashlib.sha256(text.encode()).hexdigest()
        assert text_to_sign(commitment, **about()) == (text, signed)

    def test_about_another_decision_has_another_hash(self, commitment):
        signed = {
            text_to_sign(commitment, **about(number=f"示例〔2026〕{n}号"))[1] for n in range(5)
        }

        assert len(signed) == 5

    def test_shows_a_name_as_it_is(self, commitment):
        text, _signed = text_to_sign(commitment, **about(name="甲&乙“<公司>”"))

        assert "甲&乙“<公司>”" in text
