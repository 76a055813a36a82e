"""python-gitlab as a library, doing its normal work."""

import gitlab
from gitlab.exceptions import (
    GitlabAuthenticationError,
    GitlabDeleteError,
    GitlabGetError,
    GitlabHttpError,
    GitlabListError,
    GitlabUpdateError,
)

from operations import TOKEN, URL, equal, fails, operation, play, state, stored

gl = gitlab.Gitlab(URL, private_token=TOKEN)
WHOLE = {project["path"]: project["id"] for project in state()["projects"]}
PATH = "acme/platform/web/storefront"
ID = WHOLE[PATH]


@operation("version")
def _():
    equal(gl.version()[0], "18.10.2-ee")


@operation("metadata")
def _():
    equal(gl.http_get("/metadata")["enterprise"], True)


@operation("auth and current user")
def _():
    gl.auth()
    equal(gl.user.username, "d.whitfield")


@operation("own token")
def _():
    token = gl.personal_access_tokens.get("self")
    equal((token.active, token.revoked, token.scopes), (True, False, ["api"]))


@operation("wrong token is refused")
def _():
    other = gitlab.Gitlab(URL, private_token="glpat-wrong")
    equal(fails(GitlabAuthenticationError, other.auth).response_code, 401)


@operation("token as Bearer")
def _():
    gitlab.Gitlab(URL, oauth_token=TOKEN).projects.get(ID)


@operation("groups, all pages")
def _():
    groups = gl.groups.list(get_all=True, per_page=5)
    ids = [group.id for group in groups]
    equal(len(ids), len(set(ids)))
    equal("acme/platform/web" in {group.full_path for group in groups}, True)


@operation("groups, page headers")
def _():
    pages = gl.groups.list(iterator=True, per_page=4)
    equal((pages.current_page, pages.per_page, pages.prev_page), (1, 4, None))
    equal(pages.next_page, 2)
    equal(pages.total_pages, -(-pages.total // 4))
    equal(len(list(pages)), pages.total)


@operation("groups, filters")
def _():
    top = gl.groups.list(top_level_only=True, get_all=True)
    equal({group.parent_id for group in top}, {None})
    owned = gl.groups.list(min_access_level=50, get_all=True)
    equal("acme" in {group.full_path for group in owned}, True)
    found = gl.groups.list(search="platform", get_all=True)
    equal("acme/platform" in {group.full_path for group in found}, True)


@operation("group by path")
def _():
    group = gl.groups.get("acme/platform/web")
    equal(group.id, gl.groups.get(group.id).id)


@operation("missing group is a 404")
def _():
    error = fails(GitlabGetError, lambda: gl.groups.get("acme/nowhere"))
    equal((error.response_code, error.error_message), (404, "404 Group Not Found"))


@operation("subgroups")
def _():
    acme = gl.groups.get("acme", with_projects=False)
    direct = {group.full_path for group in acme.subgroups.list(get_all=True)}
    equal("acme/platform" in direct and "acme/platform/web" not in direct, True)


@operation("descendant groups")
def _():
    acme = gl.groups.get("acme", with_projects=False)
    below = {group.full_path for group in acme.descendant_groups.list(get_all=True, per_page=3)}
    equal("acme/platform/runtime/edge/proxies" in below, True)


@operation("projects of a group and below")
def _():
    acme = gl.groups.get("acme", with_projects=False)
    found = acme.projects.list(include_subgroups=True, with_shared=False, get_all=True, per_page=9)
    wanted = {path for path in WHOLE if path.startswith("acme/")}
    missing = wanted - {project.path_with_namespace for project in found}
    equal({path for path in missing if "secret" not in path}, set())


@operation("projects, offset pages")
def _():
    pages = gl.projects.list(iterator=True, per_page=7)
    total = pages.total
    ids = [project.id for project in pages]
    equal((len(ids), len(set(ids))), (total, total))


@operation("projects, keyset pages")
def _():
    keyset = {"pagination": "keyset", "order_by": "id", "sort": "asc", "per_page": 7}
    ids = [project.id for project in gl.projects.list(iterator=True, **keyset)]
    equal(ids, sorted(set(ids)))
    equal(set(ids), {project.id for project in gl.projects.list(get_all=True, per_page=100)})


@operation("keyset with another order is refused")
def _():
    call = lambda: gl.projects.list(pagination="keyset", order_by="name", get_all=True)
    equal(fails(GitlabListError, call).response_code, 405)


@operation("project by path")
def _():
    project = gl.projects.get(PATH)
    equal((project.id, project.namespace["full_path"]), (ID, "acme/platform/web"))


@operation("missing project is a 404")
def _():
    error = fails(GitlabGetError, lambda: gl.projects.get("acme/nowhere"))
    equal((error.response_code, error.error_message), (404, "404 Project Not Found"))


@operation("integrations: list")
def _():
    rows = gl.projects.get(ID).integrations.list(get_all=True)
    equal({row.active for row in rows}, {True})
    equal([row.slug for row in rows if hasattr(row, "properties")], [])


@operation("integrations: create by update")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    integrations.update("asana", {"api_key": "canary-asana", "restrict_to_branch": "main"})
    row = stored("project", ID, "asana")
    equal((row["active"], row["fields"]["api_key"]), (True, "canary-asana"))


@operation("integrations: get")
def _():
    row = gl.projects.get(ID, lazy=True).integrations.get("asana")
    equal((row.slug, row.active, row.inherited), ("asana", True, False))
    equal(row.properties["restrict_to_branch"], "main")
    equal("api_key" in row.properties, False)


@operation("integrations: save a changed object")
def _():
    row = gl.projects.get(ID, lazy=True).integrations.get("asana")
    row.api_key = "canary-second"
    row.restrict_to_branch = "release"
    row.push_events = False
    row.save()
    after = stored("project", ID, "asana")
    equal(after["fields"]["restrict_to_branch"], "release")
    equal(after["fields"]["api_key"], "canary-second")
    equal(after["events"]["push_events"], False)


@operation("integrations: missing parameter is a 400")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    error = fails(GitlabUpdateError, lambda: integrations.update("asana", {}))
    equal((error.response_code, error.error_message), (400, "api_key is missing"))


@operation("integrations: refused value is a 400")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    call = lambda: integrations.update("external-wiki", {"external_wiki_url": "not an address"})
    equal(fails(GitlabUpdateError, call).response_code, 400)


@operation("integrations: an inheriting row ignores values")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    inheriting = [row for row in integrations.list(get_all=True) if row.inherited]
    slugs = {"emails-on-push": "recipients", "pipelines-email": "recipients"}
    slug = next(row.slug for row in inheriting if row.slug in slugs)
    before = stored("project", ID, slug)["fields"]
    integrations.update(slug, {slugs[slug]: "someone@else.example"})
    equal(stored("project", ID, slug)["fields"], before)
    integrations.update(slug, {slugs[slug]: "own@acme.example", "use_inherited_settings": False})
    equal(stored("project", ID, slug)["fields"][slugs[slug]], "own@acme.example")
    equal(integrations.get(slug).inherited, False)
    data = {slugs[slug]: "own@acme.example", "use_inherited_settings": True}
    integrations.update(slug, data)
    equal((integrations.get(slug).inherited, stored("project", ID, slug)["fields"]), (True, before))


@operation("integrations: delete")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    integrations.delete("asana")
    row = integrations.get("asana")
    equal((row.active, row.properties["restrict_to_branch"]), (False, None))
    equal("asana" in [row.slug for row in integrations.list(get_all=True)], False)


@operation("integrations: never configured is a 404")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    equal(fails(GitlabGetError, lambda: integrations.get("bamboo")).response_code, 404)
    equal(fails(GitlabDeleteError, lambda: integrations.delete("bamboo")).response_code, 404)


@operation("integrations: the old name, services")
def _():
    old = gl.http_list(f"/projects/{ID}/services", get_all=True)
    new = gl.http_list(f"/projects/{ID}/integrations", get_all=True)
    equal(old, new)


@operation("group integrations")
def _():
    group = gl.groups.get("acme", with_projects=False)
    path = f"/groups/{group.id}/integrations"
    gl.http_put(f"{path}/asana", post_data={"api_key": "canary-group"})
    equal("asana" in [row["slug"] for row in gl.http_get(path)], True)
    equal(gl.http_get(f"{path}/asana")["active"], True)
    gl.http_delete(f"{path}/asana")
    equal(gl.http_get(f"{path}/asana")["active"], False)


@operation("project-only integration on a group is a 400")
def _():
    call = lambda: gl.http_get("/groups/acme/integrations/jenkins")
    error = fails(GitlabHttpError, call)
    equal((error.response_code, error.error_message), (400, "400 Integration not available"))


@operation("unknown integration is a 404 on update")
def _():
    integrations = gl.projects.get(ID, lazy=True).integrations
    equal(fails(GitlabUpdateError, lambda: integrations.update("nowhere", {})).response_code, 404)


@operation("creating by POST is not offered")
def _():
    call = lambda: gl.http_post(f"/projects/{ID}/integrations/asana", post_data={"api_key": "x"})
    error = fails(GitlabHttpError, call)
    equal(error.response_code, 404)


@operation("a group of others is a 403")
def _():
    error = fails(GitlabHttpError, lambda: gl.http_get("/groups/vendors/integrations"))
    equal((error.response_code, error.error_message), (403, "403 Forbidden"))


@operation("throttled answers are waited out")
def _():
    whole = {group.id for group in gl.groups.list(get_all=True, per_page=3)}
    play("429=0.4;retry-after=0;seed=3")
    try:
        equal({group.id for group in gl.groups.list(get_all=True, per_page=3)}, whole)
    finally:
        play(None)


@operation("failures of the web server in front are tried again when asked")
def _():
    patient = gitlab.Gitlab(URL, private_token=TOKEN, retry_transient_errors=True)
    play("html502=0.3;seed=5")
    try:
        equal({patient.projects.get(ID).id for _ in range(6)}, {ID})
    finally:
        play(None)


@operation("JSON that is cut short is an error, not a value")
def _():
    play("truncate=1")
    try:
        fails(gitlab.exceptions.GitlabParsingError, lambda: gl.projects.get(ID))
    finally:
        play(None)
