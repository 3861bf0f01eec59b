"""The proof that the route of every case type is sound, searched exhaustively, told in its words.

``verdicts.prove`` judges one plan; ``space.Space`` is the state space; ``standing.position_of``
says where a live case stands in it.
"""
