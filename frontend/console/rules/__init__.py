"""The municipality's rules: published versions, and the draft of the next one."""
