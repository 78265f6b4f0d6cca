"""Periods of any length, how long a K that came back counts as home, decisions about reports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Until now a period was an ISO week. The exclusion constraint is what Django declares only with
# django.contrib.postgres, which nothing else here needs.
PERIODS = """
INSERT INTO gifting_period (begins_on, ends_on)
    SELECT DISTINCT period, period + 7 FROM gifting_allotment;
ALTER TABLE gifting_period ADD CONSTRAINT periods_apart
    EXCLUDE USING gist (daterange(begins_on, ends_on) WITH &&);
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON gifting_period
    FOR EACH ROW EXECUTE FUNCTION gifting_append_only();
"""
NO_PERIODS = """
DROP TRIGGER ledger_only_grows ON gifting_period;
ALTER TABLE gifting_period DROP CONSTRAINT periods_apart;
"""
# What came home before this rule counts from its last return.
HOME_SINCE = """
ALTER TABLE gifting_move DISABLE TRIGGER ledger_only_grows;
UPDATE gifting_move move SET home_since = made_at
    FROM gifting_k k WHERE k.id = move.k_id AND k.hand_id = move.receiver_id;
ALTER TABLE gifting_move ENABLE TRIGGER ledger_only_grows;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('gifting', '0003_what_members_wish'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('nothing', 'Leave everything as it is'), ('words_gone', 'Take the words and the link away'), ('stopped', 'Take them away, and let the giver give no more K')], max_length=10)),
                ('reason', models.CharField(blank=True, help_text='For the reporter, who reads it.', max_length=500)),
                ('decided_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(help_text='When the mail to the reporter went out.', null=True)),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('begins_on', models.DateField(help_text='At 00:00 UTC.', primary_key=True, serialize=False)),
                ('ends_on', models.DateField(help_text='At 00:00 UTC; the next one begins.')),
            ],
        ),
        migrations.RunSQL(PERIODS, NO_PERIODS),
        migrations.AddField(
            model_name='hand',
            name='stopped_at',
            field=models.DateTimeField(help_text='The operator decided that this hand gives no more K.', null=True),
        ),
        migrations.AddField(
            model_name='move',
            name='home_since',
            field=models.DateTimeField(help_text='In the hand it was allotted to: since when, as its lapse counts it. Giving it and having it back does not make that later.', null=True),
        ),
        migrations.AddIndex(
            model_name='move',
            index=models.Index(condition=models.Q(('home_since__isnull', False)), fields=['receiver', 'home_since'], name='move_home'),
        ),
        migrations.RunSQL(HOME_SINCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.CheckConstraint(condition=models.Q(('home_since__isnull', True), ('home_since__lte', models.F('made_at')), _connector='OR'), name='home_since_is_no_later_than_the_move'),
        ),
        migrations.AddField(
            model_name='decision',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='move',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='gifting.move'),
        ),
        migrations.AddField(
            model_name='decision',
            name='report',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decision', to='gifting.report'),
        ),
        migrations.AddField(
            model_name='decision',
            name='reporter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='gifting.hand'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('begins_on'))), name='period_ends_after_it_begins'),
        ),
        migrations.AlterField(
            model_name='allotment',
            name='period',
            field=models.ForeignKey(db_column='period', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gifting.period'),
        ),
        migrations.AlterField(
            model_name='k',
            name='period',
            field=models.ForeignKey(db_column='period', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gifting.period'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('move', 'reporter'), name='decided_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['nothing', 'words_gone', 'stopped'])), name='decision_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('lifted_at__isnull', True), ('outcome', 'stopped'), _connector='OR'), name='only_a_stop_is_lifted'),
        ),
    ]
