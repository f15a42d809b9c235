"""Routes of the API: parse, call one service or query, answer."""
