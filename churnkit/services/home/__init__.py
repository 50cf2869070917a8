"""The five questions an owner asks, answered: for the page Home, and for whatever else tells an owner how it stands."""
