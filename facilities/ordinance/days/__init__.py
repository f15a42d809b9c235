"""Which days are open, at what times a room is lent, and moments counted back from a day of use."""
