"""Routes of SKUs, entitlements and subscriptions."""
