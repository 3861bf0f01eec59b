"""A commitment (告知承诺): an organisation promises what would otherwise be checked beforehand.

The office tells what the promise means, the organisation signs, the decision follows at once;
afterwards the supervising department verifies whether the promise was kept.
"""
