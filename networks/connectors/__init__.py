"""One folder a platform. A connector imports `base` and the HTTP door, nothing else of ours."""
