"""People, organisations, roles, and the ground everyone stands on."""
