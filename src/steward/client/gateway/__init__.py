"""The gateway connection: kept up, resumed, watched."""
