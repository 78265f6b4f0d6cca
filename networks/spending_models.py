"""The books of what reading costs."""

from typing import ClassVar

from django.db import models

from networks.registry import platform_choices


class Spending(models.Model):
    """What reading one account, or all of the site, cost in one UTC month; see `budgets`."""

    platform = models.CharField(max_length=20, choices=platform_choices)
    month = models.DateField(help_text="Its first day.")
    spender = models.BigIntegerField(
        null=True, help_text="Keyed hash of the account, another one each month; none: the site."
    )
    spent = models.BigIntegerField(default=0, help_text="Millionths of a US dollar.")
    reserved = models.BigIntegerField(default=0, help_text="Set aside by polls under way.")
    reserved_by = models.BigIntegerField(null=True, help_text="Id of the poll that set it aside.")
    looked_on = models.DateField(
        null=True, help_text="When it was last paid to see whose consent it was."
    )
    stopped_with = models.BigIntegerField(
        null=True, help_text="What was left when it did not suffice for the next page."
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["platform", "month", "spender"],
                nulls_distinct=False,
                name="one_book_per_spender_and_month",
            ),
            models.CheckConstraint(
                condition=models.Q(spent__gte=0, reserved__gte=0), name="spending_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="spending_by_whole_months"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} in {self.month:%B %Y}"
