"""The lifecycle diagrams of the ventures programme, a file for each subject."""
