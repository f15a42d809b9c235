"""Money that goes back: decided, agreed to, sent by one of several ways, until it has arrived."""
