"""Recurring series (くり返しの予約): days by a rule, looked at before booking, booked together, kept as one object."""
