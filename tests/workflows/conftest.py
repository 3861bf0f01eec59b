"""A repair that has just been received, and everybody it needs."""

import pytest

from tests.workflows.walks import open_a_repair


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


@pytest.fixture
def repair(applicant, penalty):
    return open_a_repair(applicant, penalty)
