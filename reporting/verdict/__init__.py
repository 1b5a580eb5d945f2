"""Judge: from figures and budgets to a verdict. Pure: no Locust, no clock, no disk."""
