"""What each person is asked in an interview, one module for each stage of the case."""
