"""Answer programs: `/api/v1/...`, JSON in and out, faults as problem details (RFC 9457).

Belongs here: routes for programs, one module a subject, each with its own authentication; pages
for people are in `gateway.web.shop`.
"""
