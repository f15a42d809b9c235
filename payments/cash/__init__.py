"""Cash at the desk: drawers, their movements, and the daily report."""
