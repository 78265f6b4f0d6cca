from django.db import migrations, models
from django.db.models import F

import networks.models


def serve_themselves(apps, schema_editor):
    accounts = apps.get_model("networks", "LinkedAccount").objects
    accounts.filter(served_by="").update(served_by=F("host"))


class Migration(migrations.Migration):

    dependencies = [
        ("networks", "0003_opened_at"),
    ]

    operations = [
        # What is sealed for an attempt is of another shape now; attempts last ten minutes.
        migrations.RemoveField(model_name="linkattempt", name="verifier"),
        migrations.AddField(
            model_name="linkattempt",
            name="kept",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Encrypted: the PKCE verifier and what the connector must remember.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="linkedaccount",
            name="served_by",
            field=models.CharField(
                default="",
                help_text="The server that tells us; its figures count if it is known.",
                max_length=255,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(serve_themselves, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="linkedaccount",
            constraint=models.CheckConstraint(
                condition=~models.Q(served_by=""), name="account_served_by_somebody"
            ),
        ),
        migrations.AlterField(
            model_name="outreach",
            name="kind",
            field=models.CharField(choices=networks.models.outreach_kinds, max_length=12),
        ),
        migrations.AlterField(
            model_name="reaction",
            name="kind",
            field=models.CharField(choices=networks.models.reaction_kinds, max_length=12),
        ),
    ]
