"""公益创投: a call, proposals, review, award, project, closing."""
