"""What a new run tells of the earlier ones: written in the worker, acted on by the server."""
