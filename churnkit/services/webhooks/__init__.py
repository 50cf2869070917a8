"""Telling other programs what happened: who is told, what, and how it is sent (https://www.standardwebhooks.com)."""
