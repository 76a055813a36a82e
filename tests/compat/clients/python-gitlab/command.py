"""python-gitlab's command, `gitlab`, as a person types it."""

import json
import os
import subprocess
import sys

from operations import TOKEN, URL, equal, operation, state, store, stored

GITLAB = os.path.join(os.path.dirname(sys.executable), "gitlab")
PATH = "acme/platform/web/storefront"
ID = next(project["id"] for project in state()["projects"] if project["path"] == PATH)


def run(*arguments):
    """Standard output and the exit status of one call."""
    # Without a home there is no configuration file of the person who runs the tests.
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    command = [GITLAB, "--server-url", URL, "--private-token", TOKEN, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done.stdout, done.stderr, done.returncode


def answer(*arguments):
    """The JSON a call prints."""
    out, err, status = run("-o", "json", *arguments)
    if status != 0:
        raise AssertionError(f"exit status {status}: {err.strip()[-300:]}")
    return json.loads(out) if out.strip() else None


@operation("current-user get")
def _():
    equal(answer("current-user", "get")["username"], "d.whitfield")


@operation("personal-access-token get --id self")
def _():
    equal(answer("personal-access-token", "get", "--id", "self")["active"], True)


@operation("group list --get-all")
def _():
    groups = answer("group", "list", "--get-all", "--per-page", "6")
    equal("acme/data" in {group["full_path"] for group in groups}, True)


@operation("group get --id acme/platform")
def _():
    equal(answer("group", "get", "--id", "acme/platform")["path"], "platform")


@operation("group-subgroup list")
def _():
    groups = answer("group-subgroup", "list", "--group-id", "acme", "--get-all")
    equal("acme/platform" in {group["full_path"] for group in groups}, True)


@operation("group-project list --include-subgroups")
def _():
    arguments = ["--group-id", "acme/platform", "--include-subgroups", "true", "--get-all"]
    projects = answer("group-project", "list", *arguments)
    equal(PATH in {project["path_with_namespace"] for project in projects}, True)


@operation("project list --get-all")
def _():
    projects = answer("project", "list", "--get-all", "--per-page", "20")
    equal(len({project["id"] for project in projects}), len(projects))


@operation("project get --id PATH")
def _():
    equal(answer("project", "get", "--id", PATH)["id"], ID)


@operation("project-integration list")
def _():
    rows = answer("project-integration", "list", "--project-id", str(ID))
    equal({row["active"] for row in rows}, {True})


@operation("project-integration update, which knows no settings")
def _():
    # The command of 8.6.0 offers --project-id and --slug alone: it sends an empty body, which
    # GitLab refuses for every integration that requires a parameter. The library does send them.
    out, err, status = run(
        "project-integration", "update", "--project-id", str(ID), "--slug", "assembla"
    )
    equal((status, "400: token is missing" in err), (1, True))
    store("project", ID, "assembla", {"active": True, "fields": {"token": "canary-assembla"}})


@operation("project-integration get")
def _():
    row = answer("project-integration", "get", "--project-id", str(ID), "--slug", "assembla")
    equal((row["slug"], row["active"]), ("assembla", True))


@operation("project-integration delete")
def _():
    out, err, status = run(
        "project-integration", "delete", "--project-id", str(ID), "--slug", "assembla"
    )
    equal((status, err), (0, ""))
    equal(stored("project", ID, "assembla")["active"], False)


@operation("a refusal is told, with GitLab's words")
def _():
    out, err, status = run("project", "get", "--id", "acme/nowhere")
    equal((status, "404 Project Not Found" in err), (1, True))
