"""What decides about a gift is read, and the gift written, by a function of the database each.

In PL/pgSQL for the plans that it keeps (generic ones: all is looked up by its key, and to plan
takes longer than to do); what is decided stays in Python (gifting/services). In a
function that may write, every statement sees what was committed before it: also what a wait for
the locks has let through.
"""

from django.db import migrations

SCENE = """
CREATE FUNCTION gifting_scene(
    giver_member bigint, receiver_member bigint, form_key uuid, at timestamptz,
    week_began timestamptz, an_hour interval, kept interval, is_locked boolean
) RETURNS TABLE (
    giver_hand bigint, receiver_hand bigint, joined_at timestamptz, is_stopped boolean,
    is_linked boolean, gifts_this_hour bigint, is_there boolean, accepts_from varchar,
    is_blocked boolean, has_answered boolean, gave_this_week boolean, made_before bigint,
    begins_on date, ends_on date, size smallint, used bigint, own_returned bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    today date := (at AT TIME ZONE 'UTC')::date;
BEGIN
    IF is_locked THEN
        -- NO KEY: the foreign keys of moves by others need not wait for us.
        PERFORM id FROM gifting_hand WHERE member_id IN (giver_member, receiver_member)
            ORDER BY id FOR NO KEY UPDATE;
    END IF;
    RETURN QUERY SELECT
        giver.id,
        receiver.id,
        me.joined_at,
        giver.stopped_at IS NOT NULL,
        EXISTS (SELECT FROM networks_linkedaccount
            WHERE member_id = me.id AND state = 'active'),
        (SELECT count(*) FROM gifting_move
            WHERE giver_id = giver.id AND kind <> 'back' AND made_at > at - an_hour),
        them.is_active,
        receiver.accepts_from,
        EXISTS (SELECT FROM gifting_block WHERE by_id = receiver.id AND of_id = giver.id),
        receiver.accepts_from IS DISTINCT FROM 'all' AND EXISTS (
            SELECT FROM networks_linkedaccount mine
            JOIN networks_outreach act ON act.target_hash = mine.person_hash
            JOIN networks_linkedaccount theirs ON theirs.id = act.account_id
            WHERE mine.member_id = me.id AND theirs.member_id = them.id),
        -- Undone gifts do not count, declined ones do: no means not this week.
        EXISTS (SELECT FROM gifting_move gift
            WHERE giver_id = giver.id AND receiver_id = receiver.id AND kind <> 'back'
                AND made_at >= week_began
                AND NOT EXISTS (SELECT FROM gifting_move
                    WHERE k_id = gift.k_id AND step = gift.step + 1
                        AND kind = 'back' AND NOT declined)),
        (SELECT id FROM gifting_move WHERE giver_id = giver.id AND key = form_key),
        period.begins_on,
        period.ends_on,
        allotment.size,
        (SELECT count(*) FROM gifting_k WHERE hand_id = giver.id AND period = period.begins_on),
        -- An own one that came back, the one that lapses soonest.
        (SELECT home.k_id FROM gifting_move home
            JOIN gifting_k k ON k.id = home.k_id
            JOIN gifting_period its ON its.begins_on = k.period
            WHERE home.receiver_id = giver.id AND home.home_since IS NOT NULL AND home.bars = 0
                AND (home.home_since > at - kept OR its.ends_on > today)
                AND NOT EXISTS (SELECT FROM gifting_move
                    WHERE k_id = home.k_id AND step = home.step + 1)
            ORDER BY greatest(its.ends_on::timestamp AT TIME ZONE 'UTC', home.home_since + kept),
                home.k_id
            LIMIT 1)
    FROM accounts_member me
    LEFT JOIN gifting_hand giver ON giver.member_id = me.id
    LEFT JOIN accounts_member them ON them.id = receiver_member
    LEFT JOIN gifting_hand receiver ON receiver.member_id = them.id
    -- There is one at most; the limit tells the planner.
    LEFT JOIN LATERAL (SELECT * FROM gifting_period
        WHERE begins_on <= today AND ends_on > today ORDER BY begins_on DESC LIMIT 1) period ON true
    LEFT JOIN gifting_allotment allotment
        ON allotment.hand_id = giver.id AND allotment.period = period.begins_on
    WHERE me.id = giver_member;
END $$;
"""
FIRST = """
CREATE FUNCTION gifting_give_first(
    giver bigint, receiver bigint, form_key uuid, at timestamptz,
    words text, link text, shares boolean,
    of_period date, of_size smallint, of_slot smallint, of_address text
) RETURNS SETOF gifting_move LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    minted bigint;
    made gifting_move;
BEGIN
    INSERT INTO gifting_allotment (hand_id, period, size, granted_at)
        VALUES (giver, of_period, of_size, at)
        ON CONFLICT ON CONSTRAINT allotment_once_a_period DO NOTHING;
    INSERT INTO gifting_k (hand_id, period, size, slot, address)
        VALUES (giver, of_period, of_size, of_slot, of_address) RETURNING id INTO minted;
    INSERT INTO gifting_move
            (k_id, step, kind, giver_id, receiver_id, had_from, bars, declined, key, made_at)
        VALUES (minted, 1, 'first', giver, receiver, 0, giver, false, form_key, at)
        RETURNING * INTO made;
    INSERT INTO gifting_words (move_id, text, link, giver_shares, receiver_shares)
        VALUES (made.id, words, link, shares, false);
    RETURN NEXT made;
END $$;
"""
ON = """
CREATE FUNCTION gifting_give_on(
    giver bigint, receiver bigint, form_key uuid, at timestamptz,
    words text, link text, shares boolean, of_k bigint
) RETURNS SETOF gifting_move LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    made gifting_move;
BEGIN
    INSERT INTO gifting_move
            (k_id, step, kind, prev_kind, giver_id, receiver_id, had_from, bars, declined,
             home_since, key, made_at)
        SELECT k.id, last.step + 1, 'on', last.kind, giver, receiver, last.bars, giver, false,
            CASE WHEN k.hand_id = receiver THEN at END, form_key, at
        FROM gifting_k k JOIN gifting_move last ON last.k_id = k.id
        WHERE k.id = of_k
        ORDER BY last.step DESC LIMIT 1
        RETURNING * INTO made;
    INSERT INTO gifting_words (move_id, text, link, giver_shares, receiver_shares)
        VALUES (made.id, words, link, shares, false);
    RETURN NEXT made;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gifting", "0004_periods_and_decisions")]

    operations = [
        migrations.RunSQL(SCENE, "DROP FUNCTION gifting_scene"),
        migrations.RunSQL(FIRST, "DROP FUNCTION gifting_give_first"),
        migrations.RunSQL(ON, "DROP FUNCTION gifting_give_on"),
    ]
