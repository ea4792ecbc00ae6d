"""tramyte plans, runs and accounts for the workforce of Vietnam's commune health stations."""
