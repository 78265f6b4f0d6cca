"""What all shapes have in common."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


class Shape(Schema):
    """Says all that it has: no field comes or goes without the document saying so."""

    model_config = ConfigDict(extra="forbid")


def told(description: str, example: Any, **more: Any) -> Any:
    """A field with what it means and an example; the examples of a shape make one of the whole."""
    return Field(description=description, examples=[example], **more)


NEXT = "Send it as `cursor` for what comes after; null on the last page. Opaque."
CURSOR = "WyIyMDI2LTExLTAyIl0:signature"
