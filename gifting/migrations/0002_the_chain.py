"""What Django cannot declare: composite foreign keys, and that the ledger only grows.

TRUNCATE is left possible: it needs the owner of the tables, and tests empty tables with it.
"""

from django.db import migrations

# The generated columns are read by the foreign keys alone; a key with a NULL in it is not checked.
FOREIGN_KEYS = """
ALTER TABLE gifting_move
    ADD COLUMN prev_step integer GENERATED ALWAYS AS (NULLIF(step - 1, 0)) STORED,
    ADD COLUMN first_giver bigint GENERATED ALWAYS AS (CASE WHEN step = 1 THEN giver_id END) STORED,
    ADD COLUMN back_bars bigint GENERATED ALWAYS AS (CASE WHEN kind = 'back' THEN bars END) STORED;
ALTER TABLE gifting_k ADD CONSTRAINT k_from_a_granted_allotment
    FOREIGN KEY (hand_id, period, size) REFERENCES gifting_allotment (hand_id, period, size);
ALTER TABLE gifting_move ADD CONSTRAINT first_move_by_the_allotted_hand
    FOREIGN KEY (k_id, first_giver) REFERENCES gifting_k (id, hand_id);
ALTER TABLE gifting_move ADD CONSTRAINT move_by_the_holder
    FOREIGN KEY (k_id, prev_step, prev_kind, giver_id, had_from)
    REFERENCES gifting_move (k_id, step, kind, receiver_id, bars);
ALTER TABLE gifting_move ADD CONSTRAINT back_restores_what_was_barred
    FOREIGN KEY (k_id, prev_step, back_bars) REFERENCES gifting_move (k_id, step, had_from);
"""
NO_FOREIGN_KEYS = """
ALTER TABLE gifting_move DROP COLUMN back_bars CASCADE, DROP COLUMN first_giver CASCADE,
    DROP COLUMN prev_step CASCADE;
ALTER TABLE gifting_k DROP CONSTRAINT k_from_a_granted_allotment;
"""
APPEND_ONLY = """
CREATE FUNCTION gifting_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_only_grows';
END $$;
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON gifting_allotment
    FOR EACH ROW EXECUTE FUNCTION gifting_append_only();
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON gifting_k
    FOR EACH ROW EXECUTE FUNCTION gifting_append_only();
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON gifting_move
    FOR EACH ROW EXECUTE FUNCTION gifting_append_only();

CREATE FUNCTION gifting_hand_keeps_its_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR (NEW.member_id IS NOT NULL
                            AND NEW.member_id IS DISTINCT FROM OLD.member_id) THEN
        RAISE EXCEPTION 'a hand belongs to its member until the member leaves'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hand_keeps_its_member';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hand_keeps_its_member BEFORE UPDATE OF id, member_id ON gifting_hand
    FOR EACH ROW EXECUTE FUNCTION gifting_hand_keeps_its_member();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER hand_keeps_its_member ON gifting_hand;
DROP FUNCTION gifting_hand_keeps_its_member();
DROP TRIGGER ledger_only_grows ON gifting_move;
DROP TRIGGER ledger_only_grows ON gifting_k;
DROP TRIGGER ledger_only_grows ON gifting_allotment;
DROP FUNCTION gifting_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("gifting", "0001_initial")]

    operations = [
        migrations.RunSQL(FOREIGN_KEYS, NO_FOREIGN_KEYS),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
