"""A Stripe to try things with: the part of the v1 API the product uses, pages to pay on, webhooks, and faults.

It keeps what it is told, one store for each account, and refuses what Stripe refuses. What happens at a payer, a shop
or a bank is done on its pages or by ``control.Control``; no money is moved by it.
"""
