"""The composition root: settings, urls, the Celery application, and pages that compose the apps."""
