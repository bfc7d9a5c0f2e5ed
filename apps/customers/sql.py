"""Constant statements of the room."""

# Django would fetch the keys first and delete them a hundred at a time.
DELETE_KEYS = "DELETE FROM customers_importkey WHERE run_id = %s"
DELETE_REJECTS = "DELETE FROM customers_importreject WHERE run_id = %s"
