"""What the stores on database servers share: one session a thread, the guard, batches, readers, migrations."""
