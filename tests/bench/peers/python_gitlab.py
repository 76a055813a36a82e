"""Every group and project, every active integration with its settings: python-gitlab, 8 threads.

Written for speed as a user of the library would: one session per thread, keyset pages, the
listing under way while the scopes already listed are read.
"""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import gitlab

IN_FLIGHT = int(os.environ["IN_FLIGHT"])
mine = threading.local()


def api():
    """This thread's own session: requests' sessions are not made to be shared."""
    if not hasattr(mine, "api"):
        url, token = os.environ["GITLAB_URL"], os.environ["GITLAB_TOKEN"]
        mine.api = gitlab.Gitlab(url, private_token=token)
    return mine.api


def of_project(id):
    integrations = api().projects.get(id, lazy=True).integrations
    listed = integrations.list(get_all=True)
    return [("project", id, integrations.get(row.slug).asdict()) for row in listed]


def of_group(id):
    # The library has no object for a group's integrations.
    path = f"/groups/{id}/integrations"
    listed = api().http_list(path, get_all=True)
    return [("group", id, api().http_get(f"{path}/{row['slug']}")) for row in listed]


started = time.perf_counter()
keyset = {"pagination": "keyset", "order_by": "id", "sort": "asc", "per_page": 100}
with ThreadPoolExecutor(IN_FLIGHT) as pool:
    groups = [
        pool.submit(of_group, group.id) for group in api().groups.list(iterator=True, per_page=100)
    ]
    projects = [
        pool.submit(of_project, project.id)
        for project in api().projects.list(iterator=True, **keyset)
    ]
    rows = [row for future in groups + projects for row in future.result()]
seconds = time.perf_counter() - started

with open(os.environ["ROWS"], "w", encoding="utf-8") as out:
    for level, id, row in rows:
        kept = {key: row[key] for key in ("slug", "active", "inherited", "properties")}
        out.write(json.dumps({"level": level, "id": id, **kept}) + "\n")
print(json.dumps({"groups": len(groups), "projects": len(projects), "seconds": seconds}))
