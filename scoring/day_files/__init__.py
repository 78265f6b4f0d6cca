"""The day files: what was recorded, written once, for the night to read instead of PostgreSQL.

PostgreSQL is the truth. What was recorded after one moment up to another is copied into Parquet
files that are never changed, only replaced; a manifest says what is in them, and a row of
`DayFile`, written last, which manifest counts. Killed anywhere, the old files count or the new
ones, and what is left over is cleared away by the next run.

    held       what the files hold of which table, and the SQL for it
    folder     where they are kept: a local folder or any store that fsspec knows
    manifest   what is in which file, with counts and sums for each day
    writing    one part, from PostgreSQL to files
    keeping    all parts: the next one, those that changed or broke, those nobody needs any more
    window     what a night reads
    checking   the files held against PostgreSQL
"""
