"""Who may do what in the time bank: pure questions, a file for each subject."""
