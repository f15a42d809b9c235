"""Telling people (お知らせ): which kinds there are, who wants them how, and what became of each message."""
