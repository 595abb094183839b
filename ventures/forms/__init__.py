"""Input of the ventures app, cleaned and shaped."""
