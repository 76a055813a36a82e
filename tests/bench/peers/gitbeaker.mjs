// Every group and project, every active integration with its settings: @gitbeaker/rest, 8 in
// flight. Written for speed as a user of the library would: keyset pages, the groups read while
// the projects are listed, and the library's own limit of 50 requests a second lifted.

import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { Gitlab } from "@gitbeaker/rest";

const api = new Gitlab({
  host: process.env.GITLAB_URL,
  token: process.env.GITLAB_TOKEN,
  rateLimits: { "**": 10_000_000 },
});

/** As the package p-limit does: at most so many of the given calls are under way. */
function limited(most) {
  const waiting = [];
  let running = 0;
  return async (call) => {
    if (running >= most) await new Promise((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

const limit = limited(Number(process.env.IN_FLIGHT));

async function ofProject(id) {
  const listed = await limit(() => api.Integrations.all(id));
  return Promise.all(
    listed.map(async ({ slug }) => {
      const row = await limit(() => api.Integrations.show(id, slug));
      return { level: "project", id, row };
    }),
  );
}

async function ofGroup(id) {
  // The library has no call for a group's integrations.
  const get = async (path) => (await api.Groups.requester.get(path)).body;
  const listed = await limit(() => get(`groups/${id}/integrations`));
  return Promise.all(
    listed.map(async ({ slug }) => {
      const row = await limit(() => get(`groups/${id}/integrations/${slug}`));
      return { level: "group", id, row };
    }),
  );
}

const started = performance.now();
const keyset = { pagination: "keyset", orderBy: "id", sort: "asc", perPage: 100 };
const listing = limit(() => api.Projects.all(keyset));
const groups = await limit(() => api.Groups.all({ perPage: 100 }));
const ofGroups = Promise.all(groups.map((group) => ofGroup(group.id)));
const projects = await listing;
const ofProjects = Promise.all(projects.map((project) => ofProject(project.id)));
const rows = [...(await ofGroups), ...(await ofProjects)].flat();
const seconds = (performance.now() - started) / 1000;

const out = createWriteStream(process.env.ROWS);
for (const { level, id, row } of rows) {
  const { slug, active, inherited, properties } = row;
  out.write(`${JSON.stringify({ level, id, slug, active, inherited, properties })}\n`);
}
out.end();
await once(out, "finish");
console.log(JSON.stringify({ groups: groups.length, projects: projects.length, seconds }));
