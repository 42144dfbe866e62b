"""The authorize page: sign-in is skipped, consent is not."""

from html import escape

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .oauth_grants import ConsentError
from .template import render

HIDDEN = ("response_type", "client_id", "redirect_uri", "scope", "state")


def respond(xero, request):
    """GET shows the form, POST is the click on Allow or Cancel."""
    query = (request.form if request.method == "POST" else request.args).to_dict()
    try:
        xero.oauth.check_authorize(query)
    except ConsentError as error:
        return _page(_error(error), 400)
    if request.method != "POST":
        return _page(_form(xero, query))
    chosen = request.form.getlist("tenant_id")
    allow = "allow" in request.form
    if allow and not chosen:
        return _page(_form(xero, query, "Choose an organisation."))
    chosen = [tenant_id for tenant_id in chosen if tenant_id in xero.organisations]
    return redirect(xero.oauth.decide(query, chosen, allow))


def _page(body, status=200):
    text = render("Authorise access", body, narrow=True)
    return Response(text, status, content_type="text/html; charset=utf-8")


def _error(error):
    return (
        "<h1>Sorry, something went wrong</h1>"
        f"<p class='error'>Error: <code>{escape(error.code)}</code></p>"
        f"<p>{escape(error.description)}</p>"
        "<p>Nothing was connected. Close this page and check the app's settings.</p>"
    )


def _form(xero, query, problem=""):
    app = escape(query["client_id"])
    hidden = "".join(
        f"<input type='hidden' name='{name}' value='{escape(query.get(name, ''))}'>"
        for name in HIDDEN
        if name in query
    )
    choices = "".join(
        "<label class='choice'><input type='checkbox' name='tenant_id' "
        f"value='{tenant_id}'{' checked' if index == 0 else ''}> "
        f"{escape(org.name)}</label>"
        for index, (tenant_id, org) in enumerate(xero.organisations.items())
    )
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in query["scope"].split())
    warning = f"<p class='error'>{escape(problem)}</p>" if problem else ""
    return (
        f"<h1>Allow access</h1><p>The app <b>{app}</b> asks for access to:</p>{warning}"
        f"<form method='post' action='/identity/connect/authorize'>{hidden}{choices}"
        f"<details><summary>What it may do</summary><ul>{scopes}</ul></details>"
        "<p class='buttons'><button name='allow' value='1' class='primary'>"
        "Allow access</button> <button name='cancel' value='1'>Cancel</button></p>"
        "</form>"
    )
