"""What people do: one weighted task set per role."""
