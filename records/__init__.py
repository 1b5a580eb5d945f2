"""What the suite writes into a CMS: how it is marked, remembered, and taken away again."""
