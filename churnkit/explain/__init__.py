"""Why a customer's probability is what it is: contributions, themes, importance, reasons in words."""
