"""Pages of the municipality admin: halls, rooms, closures, staff, tokens, doors, rules, all reservations."""
