"""`make check-sql`: Google's own analyzer reads every statement of the product. Nothing of the product imports this package."""
