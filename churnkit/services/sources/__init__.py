"""Where the orders of shops come from, as their owners set it up."""
