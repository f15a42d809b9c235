"""What booking says when people must be told; see accounts.notices.telling."""

from __future__ import annotations

from accounts.notices.telling import tell

__all__ = ["tell"]
