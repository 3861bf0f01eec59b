"""What the broken routes ask."""


def is_granted(case) -> bool:
    return case.decision == "grant"


def is_in_form(case) -> bool:
    return case.form_complete is True


def is_of_one_kind(case) -> bool:
    return case.channel == "a"
