"""What every Python client's script needs: one JSON line per operation, for the runner."""

import json
import os
import sys
import traceback
import urllib.error
import urllib.request

URL = os.environ["GITLAB_URL"]
TOKEN = os.environ["GITLAB_TOKEN"]


def operation(name):
    """Runs the decorated function at once and reports how it went."""

    def run(body):
        try:
            body()
            report = {"operation": name, "passed": True}
        except Exception as error:  # whatever a client throws is the evidence
            where = traceback.extract_tb(sys.exc_info()[2])[-1]
            evidence = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
            report = {"operation": name, "passed": False, "evidence": evidence}
        print(json.dumps(report), flush=True)

    return run


def equal(found, wanted):
    """Fails with both sides in sight."""
    if found != wanted:
        raise AssertionError(f"found {found!r}, wanted {wanted!r}")


def stored(level, id, slug):
    """The row as the server keeps it, secrets included; none = no row."""
    try:
        with urllib.request.urlopen(f"{URL}/__state/{level}/{id}/rows/{slug}") as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def store(level, id, slug, edit):
    """Writes a row into the database, for what a client cannot do itself."""
    headers = {"content-type": "application/json"}
    address = f"{URL}/__state/{level}/{id}/rows/{slug}"
    body = json.dumps(edit).encode()
    request = urllib.request.Request(address, body, headers, method="PATCH")
    urllib.request.urlopen(request).close()


def play(plan):
    """Lets the server fail at random by a plan; none = no longer."""
    method, body = ("PUT", plan.encode()) if plan else ("DELETE", None)
    headers = {"content-type": "text/plain"}
    request = urllib.request.Request(f"{URL}/__faults", body, headers, method=method)
    urllib.request.urlopen(request).close()


def state():
    """Every group and project there is, whoever may see it."""
    with urllib.request.urlopen(f"{URL}/__state") as answer:
        return json.load(answer)


def fails(kind, call):
    """The exception of this kind that a call must end with."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")
