"""Durable jobs: planned, claimed and run, each occurrence once."""
