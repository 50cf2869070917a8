"""What happened since an earlier version: who moved, which forecasts came true, what campaigns have shown so far."""
