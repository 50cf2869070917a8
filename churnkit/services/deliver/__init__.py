"""Results as files that leave the app: reports, workbooks, tables, a folder."""
