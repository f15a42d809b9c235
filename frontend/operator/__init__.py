"""Pages of the joint operator on the public host: municipalities and their health."""
