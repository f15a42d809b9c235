"""Pages of the hall manager, made for a tablet at the hall: today's rooms, who came, cash, phone bookings."""
