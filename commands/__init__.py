"""What people run beside a load: sweep and provision, as an administrator of the CMS."""
