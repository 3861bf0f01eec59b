"""Let the calendar of a year be proposed by one person and decided on by a second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0004_faces"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("suspend", "Suspend the case"),
                    ("resume", "Resume the case"),
                    ("extend", "Extend a time limit"),
                    ("correct_start", "Correct the start of a clock"),
                    ("recuse", "Recuse a person"),
                    ("term", "Change a term"),
                    ("calendar", "Load a calendar"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
