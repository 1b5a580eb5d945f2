"""What a person can set: options, scenarios, accounts, budgets."""
