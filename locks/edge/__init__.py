"""What runs beside the door, not on our servers: standard library only."""
