"""The commands of ``python -m churnkit``, one module each: their options, the call of a service, what they print."""
