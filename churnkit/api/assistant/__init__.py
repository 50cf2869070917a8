"""An assistant's way in: tools of the Model Context Protocol, each a call of a route of the API with the same key."""
