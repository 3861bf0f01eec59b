"""Calendar files for the tests: a whole fictitious year, and the shipped ones changed."""

import csv

from workflows.policy import LAW

HEADING = "date,kind,name,notice"
NOTICE = "国务院办公厅2026-11-03通知（示例）"
# A year in which every festival falls on one declared day; the others of 2027 are weekend days.
YEAR_2027 = {
    "01-01": "元旦",
    "02-06": "春节",
    "04-04": "清明节",
    "05-01": "劳动节",
    "06-12": "端午节",
    "09-18": "中秋节",
    "10-02": "国庆节",
}


def rows_2027(**moved):
    """Return the rows of a fictitious 2027; ``moved`` gives a festival another day."""
    days = {name: day for day, name in YEAR_2027.items()} | moved
    return [f"2027-{day},holiday,{name},{NOTICE}" for name, day in days.items()]


def rows_2026(*, without=()):
    """Return the shipped rows of 2026, but for some days."""
    with (LAW / "days.csv").open(encoding="utf-8", newline="") as lines:
        found = [row for row in csv.DictReader(lines) if row["date"].startswith("2026")]
    return [",".join(row.values()) for row in found if row["date"][5:] not in without]


def written(folder, rows, name="calendar.csv"):
    """Write rows below their heading and return the file."""
    path = folder / name
    path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    return path
