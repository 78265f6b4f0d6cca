"""Whom a confirmed gift is for is looked up by a function of the database, for the plan it keeps.

It finds whom `findable_account` (gifting/selectors) finds; a test holds the two together.
"""

from django.db import migrations

NAMED = """
CREATE FUNCTION gifting_named(asked_address text, with_at text, bare text)
RETURNS TABLE (member bigint, name varchar)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF asked_address IS NULL THEN
        RETURN QUERY SELECT them.id, them.name
            FROM networks_linkedaccount account
            JOIN accounts_member them ON them.id = account.member_id
            WHERE upper(account.handle) IN (upper(with_at), upper(bare))
                AND account.findable AND account.state = 'active' AND them.is_active
            ORDER BY account.linked_at, account.id LIMIT 1;
    ELSE
        RETURN QUERY SELECT them.id, them.name
            FROM accounts_member them
            WHERE them.address = asked_address AND them.is_active
                AND EXISTS (SELECT FROM networks_linkedaccount account
                    WHERE account.member_id = them.id
                        AND account.findable AND account.state = 'active');
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gifting", "0005_a_gift_in_two_round_trips")]

    operations = [migrations.RunSQL(NAMED, "DROP FUNCTION gifting_named")]
