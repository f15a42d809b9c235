"""Pages of exemption: residents apply, the desk passes on, those who may decide decide."""
