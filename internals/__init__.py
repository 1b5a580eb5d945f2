"""What the suite uses of other packages beyond their documentation: one module each, a test for every name."""
