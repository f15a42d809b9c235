"""Pages on which several rooms and dates are applied for at once: the basket and series, for residents and the desk."""
