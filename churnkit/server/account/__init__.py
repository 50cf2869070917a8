"""``/account``: the forms by which people come in, drawn by the server, without a script."""
