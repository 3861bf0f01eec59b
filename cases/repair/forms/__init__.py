"""What each person is asked in a repair, one module for each stage of the case."""
