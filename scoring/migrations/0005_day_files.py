"""The list of the day files, and triggers that note what changes under them.

Triggers, so that no change is missed, whoever makes it and however: unlinking, erasure, a
Webmention that is taken away, a statement by hand. One row for each account and day, not for each
row that changed. What was added needs no note: the next part of the files takes it.
"""

from django.db import migrations, models

NOTES = """
CREATE FUNCTION scoring_note_what_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scoring_dayfilechange (account_id, recorded_on)
    SELECT DISTINCT account_id, (recorded_at AT TIME ZONE 'UTC')::date FROM before;
    RETURN NULL;
END $$;
CREATE FUNCTION scoring_note_changed_reactions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scoring_dayfilechange (account_id, recorded_on)
    SELECT DISTINCT moved.account_id, (moved.recorded_at AT TIME ZONE 'UTC')::date
    FROM before b JOIN since s ON s.id = b.id
    CROSS JOIN LATERAL (VALUES (b.account_id, b.recorded_at), (s.account_id, s.recorded_at))
        AS moved (account_id, recorded_at)
    WHERE (b.account_id, b.responder_hash, b.standing, b.happened_at, b.recorded_at)
        IS DISTINCT FROM (s.account_id, s.responder_hash, s.standing, s.happened_at, s.recorded_at);
    RETURN NULL;
END $$;
CREATE FUNCTION scoring_note_changed_outreach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scoring_dayfilechange (account_id, recorded_on)
    SELECT DISTINCT moved.account_id, (moved.recorded_at AT TIME ZONE 'UTC')::date
    FROM before b JOIN since s ON s.id = b.id
    CROSS JOIN LATERAL (VALUES (b.account_id, b.recorded_at), (s.account_id, s.recorded_at))
        AS moved (account_id, recorded_at)
    WHERE (b.account_id, b.target_hash, b.happened_at, b.recorded_at)
        IS DISTINCT FROM (s.account_id, s.target_hash, s.happened_at, s.recorded_at);
    RETURN NULL;
END $$;
CREATE FUNCTION scoring_note_another_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scoring_dayfilechange (account_id, recorded_on) VALUES (NEW.id, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER day_files_note_what_went AFTER DELETE ON networks_reaction
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_what_went();
CREATE TRIGGER day_files_note_what_went AFTER DELETE ON networks_outreach
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_what_went();
CREATE TRIGGER day_files_note_changes AFTER UPDATE ON networks_reaction
    REFERENCING OLD TABLE AS before NEW TABLE AS since
    FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_changed_reactions();
CREATE TRIGGER day_files_note_changes AFTER UPDATE ON networks_outreach
    REFERENCING OLD TABLE AS before NEW TABLE AS since
    FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_changed_outreach();
CREATE TRIGGER day_files_note_another_person AFTER UPDATE OF person_hash ON networks_linkedaccount
    FOR EACH ROW WHEN (OLD.person_hash IS DISTINCT FROM NEW.person_hash)
    EXECUTE FUNCTION scoring_note_another_person();
"""
NO_NOTES = """
DROP TRIGGER day_files_note_another_person ON networks_linkedaccount;
DROP TRIGGER day_files_note_changes ON networks_outreach;
DROP TRIGGER day_files_note_changes ON networks_reaction;
DROP TRIGGER day_files_note_what_went ON networks_outreach;
DROP TRIGGER day_files_note_what_went ON networks_reaction;
DROP FUNCTION scoring_note_another_person();
DROP FUNCTION scoring_note_changed_outreach();
DROP FUNCTION scoring_note_changed_reactions();
DROP FUNCTION scoring_note_what_went();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("networks", "0011_what_a_night_reads"),
        ("scoring", "0004_brought_from_elsewhere"),
    ]

    operations = [
        migrations.CreateModel(
            name='DayFileChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('recorded_on', models.DateField(help_text='In UTC; none: whenever it was.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DayFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.DateTimeField(unique=True)),
                ('upto', models.DateTimeField(unique=True)),
                ('manifest', models.CharField(help_text='Its name in the folder.', max_length=100, unique=True)),
            ],
            options={
                'ordering': ['upto'],
                'constraints': [models.CheckConstraint(condition=models.Q(('after__lt', models.F('upto'))), name='day_file_goes_forward')],
            },
        ),
        migrations.RunSQL(NOTES, NO_NOTES),
    ]
