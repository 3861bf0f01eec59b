"""What each person is asked in an objection, one module for each stage of the case."""
