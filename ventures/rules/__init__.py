"""Who may do what to a need, a round, a proposal, a review: a file for each subject."""
