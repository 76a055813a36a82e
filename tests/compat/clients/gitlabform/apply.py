"""gitlabform applying one configuration again and again."""

import os
import subprocess
import sys
import tempfile

from operations import TOKEN, URL, equal, operation, state, stored

GITLABFORM = os.path.join(os.path.dirname(sys.executable), "gitlabform")
IDS = {project["path"]: project["id"] for project in state()["projects"]}
WEB = {path: id for path, id in IDS.items() if path.startswith("acme/platform/web/")}
PROJECT = "acme/platform/web/storefront"
ID = IDS[PROJECT]

CUSTOM = """
      asana:
        api_key: canary-asana
        restrict_to_branch: main
        push_events: false
      external-wiki:
        external_wiki_url: https://wiki.acme.example/web
        use_inherited_settings: false
"""


def apply(target, integrations):
    """Exit status and output of one run for a project or a group with all below it."""
    configuration = f"""
config_version: 3
gitlab:
  url: {URL}
  token: {TOKEN}
projects_and_groups:
  {target}:
    integrations:
{integrations}
"""
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(configuration)
        file.flush()
        command = [GITLABFORM, "-c", file.name, "ALL_DEFINED"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def rows(slug):
    """What the server holds in each project."""
    return {path: stored("project", id, slug) for path, id in WEB.items()}


@operation("apply to a project")
def _():
    status, out = apply(PROJECT, CUSTOM)
    equal((status, out if status else ""), (0, ""))
    row = stored("project", ID, "asana")
    equal(row["fields"]["api_key"], "canary-asana")
    equal((row["active"], row["events"]["push_events"]), (True, False))
    wiki = stored("project", ID, "external-wiki")
    equal(wiki["fields"]["external_wiki_url"], "https://wiki.acme.example/web")
    equal(wiki["inherit_from"], None)


@operation("apply again: nothing differs")
def _():
    before = [stored("project", ID, slug) for slug in ("asana", "external-wiki")]
    equal(apply(PROJECT, CUSTOM)[0], 0)
    equal([stored("project", ID, slug) for slug in ("asana", "external-wiki")], before)


@operation("apply to a group and all below")
def _():
    equal(apply("acme/platform/web/*", CUSTOM)[0], 0)
    equal({row["fields"]["restrict_to_branch"] for row in rows("asana").values()}, {"main"})


@operation("apply again to all below: nothing differs")
def _():
    before = rows("asana")
    equal(apply("acme/platform/web/*", CUSTOM)[0], 0)
    equal(rows("asana"), before)


@operation("an inheriting row ignores values without use_inherited_settings")
def _():
    before = stored("project", ID, "pipelines-email")
    equal(before["inherit_from"] is not None, True)
    equal(apply(PROJECT, "      pipelines-email: {recipients: own@acme.example}")[0], 0)
    equal(stored("project", ID, "pipelines-email")["fields"], before["fields"])


@operation("delete")
def _():
    equal(apply(PROJECT, "      asana: {delete: true}")[0], 0)
    row = stored("project", ID, "asana")
    equal((row["active"], row["fields"]["api_key"]), (False, None))


@operation("delete again")
def _():
    equal(apply(PROJECT, "      asana: {delete: true}")[0], 0)


@operation("a missing parameter ends the run with GitLab's words")
def _():
    status, out = apply(PROJECT, "      bamboo: {bamboo_url: https://ci.acme.example}")
    equal(status != 0, True)
    equal("build_key is missing, username is missing, password is missing" in out, True)
