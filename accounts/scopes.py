"""What a key, or an application of others, may do in a member's name.

A name here is part of the API: it stands in keys that were made, in consents that were given and
in docs/api/v3.md, and is never given another meaning.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """One thing that may be done; the label is what a member agrees to."""

    LOOK_UP = "look_up", _("Look up members who allow it (the classic API)")
    SCORE_READ = "score:read", _("Read your score, its history and what it is made of")
    NETWORKS_READ = "networks:read", _("See which networks you linked and how they are read")
    TOPICS_READ = "topics:read", _("See what you are answered on, with what you hide of it")
    SONOBUOY_READ = "sonobuoy:read", _("See which of your networks the sonobuoy found quiet")
    K_READ = "k:read", _("Read your K: the purse, gifts given and received, and their journeys")
    K_GIVE = "k:give", _("Give, pass on and undo K in your name")
    MIND_READ = "mind:read", _("Read whom you keep in mind, and why")
    MIND_WRITE = "mind:write", _("Add to those whom you keep in mind, and take away")
    PROFILES_READ = "profiles:read", _("Look at public profiles whose owners let the API answer")
    EXPORT = "export", _("Ask for an export of all that is kept of you, and download it")


# What the API of today (v3) asks for; the classic one knows LOOK_UP alone.
OF_V3: tuple[Scope, ...] = tuple(scope for scope in Scope if scope is not Scope.LOOK_UP)

# What an application of others may ask a member for. Not the export: it holds everything there
# is, for ever, in one call; a member who wants that makes a key of their own.
FOR_APPLICATIONS: tuple[Scope, ...] = tuple(scope for scope in OF_V3 if scope is not Scope.EXPORT)
