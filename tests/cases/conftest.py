"""Whatever a story does to a case, it goes by acts that were proven for its route."""

import pytest

from tests.proven import only_proven_acts as only_proven_acts


@pytest.fixture(autouse=True)
def _go_by_proven_acts(only_proven_acts):
    """Hold every story of a case type to the proof."""
