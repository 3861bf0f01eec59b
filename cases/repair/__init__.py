"""A repair (信用修复): an organisation that has put a breach right asks to be shown no longer.

The office checks the form the same day; the authority that made the finding takes it up,
verifies, and a second person decides; publication is stopped and confirmed in each place.
"""
