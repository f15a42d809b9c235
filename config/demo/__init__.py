"""What `make demo` and `make test` run: set-up, embedded PostgreSQL, mailbox, supervisor."""
