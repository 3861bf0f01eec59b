"""What each person is asked about a commitment, one module for each stage of the case."""
