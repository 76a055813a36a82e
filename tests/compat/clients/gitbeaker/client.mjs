// @gitbeaker/rest doing its normal work. One JSON line per operation, for the runner.

import assert from "node:assert/strict";
import { Gitlab, GitbeakerRequestError } from "@gitbeaker/rest";

const host = process.env.GITLAB_URL;
const token = process.env.GITLAB_TOKEN;
const api = new Gitlab({ host, token });
const state = await (await fetch(`${host}/__state`)).json();
const path = "acme/platform/web/storefront";
const id = state.projects.find((project) => project.path === path).id;

async function operation(name, body) {
  try {
    await body();
    console.log(JSON.stringify({ operation: name, passed: true }));
  } catch (error) {
    const evidence = `${error.name}: ${error.cause?.description ?? error.message}`;
    console.log(JSON.stringify({ operation: name, passed: false, evidence }));
  }
}

/** The row as the server keeps it, secrets included. */
async function stored(slug) {
  return (await fetch(`${host}/__state/project/${id}/rows/${slug}`)).json();
}

async function refused(promise, status, description) {
  const error = await promise.then(
    () => assert.fail("not refused"),
    (error) => error,
  );
  assert(error instanceof GitbeakerRequestError, String(error));
  assert.equal(error.cause.response.status, status);
  assert.match(error.cause.description, description);
}

const pathsOf = (items) => new Set(items.map((item) => item.full_path ?? item.path_with_namespace));

await operation("metadata with the version", async () => {
  assert.equal((await api.Metadata.show()).version, "18.10.2-ee");
  assert.equal((await api.Metadata.show()).enterprise, true);
});

await operation("current user", async () => {
  assert.equal((await api.Users.showCurrentUser()).username, "d.whitfield");
});

await operation("own token", async () => {
  const own = await api.PersonalAccessTokens.show();
  assert.deepEqual([own.active, own.scopes], [true, ["api"]]);
});

await operation("token as Bearer", async () => {
  const bearer = new Gitlab({ host, oauthToken: token });
  assert.equal((await bearer.Projects.show(id)).id, id);
});

await operation("wrong token is refused", async () => {
  const other = new Gitlab({ host, token: "glpat-wrong" });
  await refused(other.Users.showCurrentUser(), 401, /401 Unauthorized/);
});

await operation("groups, all pages", async () => {
  const groups = await api.Groups.all({ perPage: 4 });
  assert(pathsOf(groups).has("acme/platform/web"));
  assert.equal(new Set(groups.map((group) => group.id)).size, groups.length);
});

await operation("groups, one page with its headers", async () => {
  const page = await api.Groups.all({ perPage: 4, page: 2, maxPages: 1, showExpanded: true });
  assert.equal(page.data.length, 4);
  assert.equal(page.paginationInfo.current, 2);
  assert.equal(page.paginationInfo.next, 3);
  assert.equal(page.paginationInfo.previous, 1);
  assert.equal(page.paginationInfo.totalPages, Math.ceil(page.paginationInfo.total / 4));
});

await operation("group by path", async () => {
  assert.equal((await api.Groups.show("acme/platform/web")).full_path, "acme/platform/web");
  await refused(api.Groups.show("acme/nowhere"), 404, /404 Group Not Found/);
});

await operation("subgroups and descendants", async () => {
  assert(pathsOf(await api.Groups.allSubgroups("acme")).has("acme/platform"));
  const below = await api.Groups.allDescendantGroups("acme", { perPage: 3 });
  assert(pathsOf(below).has("acme/platform/runtime/edge/proxies"));
});

await operation("projects of a group and below", async () => {
  const found = await api.Groups.allProjects("acme", { includeSubgroups: true, perPage: 9 });
  assert(pathsOf(found).has(path));
});

await operation("projects, keyset pages", async () => {
  const keyset = { pagination: "keyset", orderBy: "id", sort: "asc", perPage: 7 };
  const ids = (await api.Projects.all(keyset)).map((project) => project.id);
  assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
  const offset = await api.Projects.all({ pagination: "offset", perPage: 100 });
  assert.deepEqual(new Set(ids), new Set(offset.map((project) => project.id)));
});

await operation("project by path", async () => {
  assert.equal((await api.Projects.show(path)).id, id);
  await refused(api.Projects.show("acme/nowhere"), 404, /404 Project Not Found/);
});

await operation("integrations: list", async () => {
  const rows = await api.Integrations.all(id);
  assert(rows.length > 0 && rows.every((row) => row.active && !("properties" in row)));
});

await operation("integrations: create by edit", async () => {
  const body = { apiKey: "canary-asana", restrictToBranch: "main", pushEvents: true };
  const row = await api.Integrations.edit(id, "asana", body);
  assert.deepEqual([row.active, row.properties.restrict_to_branch], [true, "main"]);
  assert.equal((await stored("asana")).fields.api_key, "canary-asana");
});

await operation("integrations: show", async () => {
  const row = await api.Integrations.show(id, "asana");
  assert.deepEqual([row.slug, row.inherited, "api_key" in row.properties], ["asana", false, false]);
});

await operation("integrations: missing parameter is a 400", async () => {
  await refused(api.Integrations.edit(id, "asana"), 400, /api_key is missing/);
});

await operation("integrations: custom and back to defaults", async () => {
  const before = (await stored("pipelines-email")).fields;
  const own = { recipients: "own@acme.example" };
  await api.Integrations.edit(id, "pipelines-email", { ...own, useInheritedSettings: false });
  assert.equal((await stored("pipelines-email")).fields.recipients, "own@acme.example");
  await api.Integrations.edit(id, "pipelines-email", { ...own, useInheritedSettings: true });
  assert.deepEqual((await stored("pipelines-email")).fields, before);
});

await operation("integrations: disable", async () => {
  await api.Integrations.disable(id, "asana");
  const row = await api.Integrations.show(id, "asana");
  assert.deepEqual([row.active, row.properties.restrict_to_branch], [false, null]);
});

await operation("integrations: never configured is a 404", async () => {
  await refused(api.Integrations.show(id, "bamboo"), 404, /404 Integration Not Found/);
});
