"""An interview (约谈): the authority that made a finding calls the party to account for it.

A reminder for a first or lesser matter, a warning for a repeated, refused or grave one. The
notice is served before a clock runs; what was said is recorded and countersigned; what has to be
put right is ordered item by item and verified by two persons. The record is shared with the
credit file and never published.
"""
