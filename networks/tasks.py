"""What Celery runs for `networks`."""
