"""Who comes to life at the first start: names of people of the playground."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guest:
    """A demo member: how they sign in here, and who they are in the playground."""

    name: str
    username: str

    @property
    def email(self) -> str:
        return f"{self.username}@example.com"


ADA = Guest("Ada Lind", "ada")
GRACE = Guest("Grace Oduya", "grace")
MALLORY = Guest("Mallory Vex", "mallory")
GUESTS = (ADA, GRACE, MALLORY)
