"""The reference of the API as a page: made by the server from the OpenAPI document, without scripts or other hosts."""
