"""K: allotments, gifts and their journeys."""
