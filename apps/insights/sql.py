"""The statements of the room."""

# What stands and what does not, in one round trip; each stops at the first row.
SETUP = """
SELECT EXISTS (SELECT FROM staff_checklist),
       EXISTS (SELECT FROM locations_location WHERE is_active),
       EXISTS (SELECT FROM locations_destination WHERE is_active),
       EXISTS (SELECT FROM locations_brand WHERE postal_address <> ''),
       EXISTS (SELECT FROM messaging_account WHERE is_default AND kind <> 'sandbox')
           OR EXISTS (SELECT FROM messaging_sandboxdelivery),
       EXISTS (SELECT FROM consent_policy),
       EXISTS (SELECT FROM customers_customer WHERE erased_at IS NULL),
       EXISTS (SELECT FROM campaigns_campaign WHERE launched_at IS NOT NULL),
       (SELECT count(*) > 1 FROM staff_member WHERE is_active)
"""
