"""What Discord allows, shows and answers: permissions, history, outcomes, limits, payloads."""
