"""An objection (信用信息异议): an organisation says that what is shown about it is wrong.

The office accepts and marks the record the same day, compares it with the source message and
asks the provider; what is wrong is corrected at its source first, then confirmed in every copy.
"""
