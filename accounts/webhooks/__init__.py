"""Webhooks: a member's own server is told when something happened, after the outbox of this app.

`outbox` is written in the transaction in which a thing happens, by whichever app it happens in;
`klout.webhooks` sends what is in it (docs/decisions/0851).
"""
