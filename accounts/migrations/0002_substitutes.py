import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Substitution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("counter", "Counter clerk"),
                            ("acceptor", "Acceptance officer"),
                            ("handler", "Handler"),
                            ("reviewer", "Reviewer"),
                            ("approver", "Approver"),
                        ],
                        help_text="Leave empty for every duty of the absent person in this unit.",
                        max_length=12,
                        verbose_name="duty",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(verbose_name="until")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "absent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="absent person",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="substitute",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "substitution",
                "verbose_name_plural": "substitutions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("absent", models.F("substitute")), _negated=True),
                        name="nobody_stands_in_for_themself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("until"))),
                        name="substitution_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duty__in", ["auditor", "supervisor"]), _negated=True),
                        name="nobody_stands_in_for_a_watcher",
                    ),
                ],
            },
        ),
    ]
