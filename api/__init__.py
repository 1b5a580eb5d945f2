"""The CMS Medical API as the suite knows it: its routes, what they answer, and the one client that calls them."""
