"""Applications of others that act in a member's name: OAuth 2.0, with Authlib doing the protocol.

An application is registered by a member. A grant is one consent of a member to one application:
its row holds the code, the tokens that came of it and its end (docs/decisions/0850).
"""
