"""Who acts: passed to every service that writes, and kept in every record of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A resident, a member of staff, or the system itself (``id`` 0)."""

    kind: Literal["resident", "staff", "system"]
    id: int

    @property
    def is_staff(self) -> bool:
        """Whether staff acts."""
        return self.kind == "staff"


SYSTEM = Actor("system", 0)
