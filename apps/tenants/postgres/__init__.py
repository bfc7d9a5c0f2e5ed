"""The database engine of the product: django-tenants' with the wall of roles on top."""
