"""Views of the resident's pages: read the request, call one service or query, show the answer."""
