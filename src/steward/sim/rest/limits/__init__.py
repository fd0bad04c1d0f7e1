"""Rate limits: documented by headers, hidden, and Cloudflare's."""
