"""公共施設一覧 as open data: a municipality's list read from whatever CSV there is, and written as the standard says.

Reading (``reading.read_list``) is pure: bytes in, rows with their verdicts and notes out. ``importing`` keeps what was
read and carries it out; ``exporting`` writes the list again. docs/opendata.md, decision 0012.
"""
