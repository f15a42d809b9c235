"""Pages of a group's registration that residents and staff at the desk fill in alike."""
