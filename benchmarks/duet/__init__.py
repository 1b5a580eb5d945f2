"""How seldom a duet of equal hosts finds a difference, and how small a difference it finds on a restless machine."""
