"""The parameters each route takes. Each is one of Stripe's own; a test compares them with the installed library."""

from __future__ import annotations

_PAGE = {"limit", "starting_after", "ending_before", "expand[]"}
_SPAN = {"created", "created[gt]", "created[gte]", "created[lt]", "created[lte]"}
_METHOD_OPTIONS = {
    "payment_method_options[card][request_three_d_secure]",
    "payment_method_options[konbini][expires_after_days]",
    "payment_method_options[konbini][setup_future_usage]",
}
_PRICE = "line_items[][price_data]"

SESSION_CREATE = _METHOD_OPTIONS | {
    "allowed_payment_method_types[]",
    "cancel_url",
    "client_reference_id",
    "custom_text[submit][message]",
    "customer_creation",
    "customer_email",
    "expand[]",
    "expires_at",
    f"{_PRICE}[currency]",
    f"{_PRICE}[product_data][description]",
    f"{_PRICE}[product_data][metadata][*]",
    f"{_PRICE}[product_data][name]",
    f"{_PRICE}[tax_behavior]",
    f"{_PRICE}[unit_amount]",
    "line_items[][quantity]",
    "locale",
    "metadata[*]",
    "mode",
    "payment_intent_data[application_fee_amount]",
    "payment_intent_data[capture_method]",
    "payment_intent_data[description]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[receipt_email]",
    "payment_intent_data[statement_descriptor]",
    "payment_intent_data[statement_descriptor_suffix]",
    "submit_type",
    "success_url",
    "ui_mode",
}
SESSION_LIST = _PAGE | _SPAN | {"payment_intent", "status"}
INTENT_CREATE = _METHOD_OPTIONS | {
    "allowed_payment_method_types[]",
    "amount",
    "automatic_payment_methods[allow_redirects]",
    "automatic_payment_methods[enabled]",
    "confirm",
    "currency",
    "description",
    "expand[]",
    "metadata[*]",
    "payment_method",
    "payment_method_data[billing_details][email]",
    "payment_method_data[billing_details][name]",
    "payment_method_data[type]",
    "payment_method_options[konbini][confirmation_number]",
    "payment_method_options[konbini][expires_at]",
    "payment_method_options[konbini][product_description]",
    "receipt_email",
    "return_url",
}
INTENT_CONFIRM = {
    "expand[]",
    "payment_method",
    "payment_method_data[billing_details][email]",
    "payment_method_data[billing_details][name]",
    "payment_method_data[type]",
    "payment_method_options[konbini][confirmation_number]",
    "payment_method_options[konbini][expires_after_days]",
    "payment_method_options[konbini][expires_at]",
    "payment_method_options[konbini][product_description]",
    "return_url",
}
INTENT_CANCEL = {"cancellation_reason", "expand[]"}
REFUND_CREATE = {
    "amount",
    "charge",
    "expand[]",
    "instructions_email",
    "metadata[*]",
    "payment_intent",
    "reason",
}
REFUND_LIST = _PAGE | _SPAN | {"charge", "payment_intent"}
LINKED_LIST = _PAGE | _SPAN | {"payment_intent"}
INTENT_LIST = _PAGE | _SPAN
DISPUTE_LIST = _PAGE | _SPAN | {"charge", "payment_intent"}
EVENT_LIST = _PAGE | _SPAN | {"type", "types[]", "delivery_success"}
TRANSACTION_LIST = _PAGE | _SPAN | {"currency", "payout", "source", "type"}
PAYOUT_LIST = _PAGE | _SPAN | {"status"}
ACCOUNT_LIST = _PAGE | _SPAN
_ACCOUNT = {
    "business_profile[mcc]",
    "business_profile[name]",
    "business_profile[product_description]",
    "business_profile[support_email]",
    "business_profile[support_phone]",
    "business_profile[support_url]",
    "business_profile[url]",
    "capabilities[card_payments][requested]",
    "capabilities[konbini_payments][requested]",
    "capabilities[paypay_payments][requested]",
    "capabilities[transfers][requested]",
    "email",
    "expand[]",
    "metadata[*]",
}
ACCOUNT_CREATE = _ACCOUNT | {
    "business_type",
    "controller[fees][payer]",
    "controller[losses][payments]",
    "controller[requirement_collection]",
    "controller[stripe_dashboard][type]",
    "country",
    "default_currency",
    "type",
}
ACCOUNT_UPDATE = _ACCOUNT
LINK_CREATE = {
    "account",
    "collect",
    "collection_options[fields]",
    "collection_options[future_requirements]",
    "expand[]",
    "refresh_url",
    "return_url",
    "type",
}
RETRIEVE = {"expand[]"}
LINES = _PAGE
