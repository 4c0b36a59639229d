"""What a provider's refusal means and what to do about it: its error codes, and those of Microsoft's pages.

Sources: RFC 6749, sections 4.1.2.1 and 5.2; RFC 8628, section 3.5; OpenID Connect Core, section 3.1.2.6;
Microsoft, Microsoft Entra authentication and authorization error codes.
"""

from __future__ import annotations

import re

_MICROSOFT = re.compile(r"\bAADSTS(\d{4,8})\b")
_NUMBERS = {
    "50011": "register http://localhost for the application, under Mobile and desktop applications, or give "
    "the address that is registered with --redirect-uri",
    "50020": "the account is not one of this tenant: log in with another, or give its own --tenant-id",
    "50105": "the account is not assigned to the application: have an administrator assign it",
    "53003": "a Conditional Access policy forbids it: have an administrator look into the sign-in logs",
    "65001": "nobody has consented to the permission SMTP.Send yet: consent when asked, or have an "
    "administrator grant it for the tenant",
    "65004": "the consent was declined: log in again, and accept",
    "70011": "the permission is not known: compare --scope with the permissions of the application",
    "90002": "there is no such tenant: compare --tenant-id, or OAuthTokenEndpoint, with the tenant's ID",
    "90094": "an administrator of the tenant has to grant the permission",
    "700016": "the application is not known in this tenant: compare the client ID and the tenant ID",
    "7000215": "the client secret is wrong: give its value, not its ID",
    "7000218": "the application wants a client secret: turn on Allow public client flows for it, or give "
    "--with-client-secret",
    "7000222": "the client secret has expired: make a new one",
}
_CODES = {
    "access_denied": "the login or the consent was declined: log in again and accept, or have an "
    "administrator grant the permission",
    "authorization_declined": "the login was declined: log in again, and accept",
    "consent_required": "nobody has consented to the permission yet: consent when asked, or have an "
    "administrator grant it",
    "expired_token": "the code was not entered in time: start again",
    "interaction_required": "the provider wants to see the user again: retrieve tokens anew",
    "invalid_client": "the client ID or the client secret is not the one of the registration: compare both",
    "invalid_grant": "what was to be exchanged for tokens counts no more (used, expired or revoked): "
    "retrieve tokens anew",
    "invalid_request": "the provider did not take the request: compare the redirect address and the scopes "
    "with the registration",
    "invalid_scope": "the registration may not ask for this permission: add it there, or give --scope",
    "login_required": "the provider wants to see the user again: retrieve tokens anew",
    "redirect_uri_mismatch": "the redirect address is not registered: register it, or give the one that is "
    "with --redirect-uri",
    "server_error": "the provider has a fault: try again later",
    "temporarily_unavailable": "the provider is too busy: try again later",
    "unauthorized_client": "the registration may not get tokens in this way: allow it there, or take the "
    "other way (--device-code or the browser)",
    "unsupported_grant_type": "the provider does not give tokens in this way: take the other one",
    "unsupported_response_type": "the provider does not give codes to this registration: change its type",
}


def help_for(code: str, description: str) -> str | None:
    """What to do about a refusal, None where nothing is known of it; the number in the text says more."""
    for number in _MICROSOFT.findall(description):
        if number in _NUMBERS:
            return _NUMBERS[number]
    return _CODES.get(code)
