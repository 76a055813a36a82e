import type { FieldValue, SuggestedValue, Suggestions } from "../ipc/types";
import { item, nameOf } from "./answers";
import { formOf } from "./catalog";
import type { Company } from "./company";
import { kindCounts } from "./matrix";

const none: ReadonlySet<string> = new Set();

const texts = (of: FieldValue): string[] =>
  of.kind === "text" || of.kind === "integer" ? [of.value] : of.kind === "list" ? of.value : [];

/** One or two characters are looked for at the beginning. */
const matches = (text: string, wanted: string): boolean =>
  wanted.length < 3 ? text.startsWith(wanted) : text.includes(wanted);

export function suggest(company: Company, text: string, kind: string | null, limit: number): Suggestions {
  const wanted = text.toLowerCase();
  const all = [...company.all.values()];
  const scopes = all.filter(
    ({ name, path }) => name.toLowerCase().includes(wanted) || path.toLowerCase().includes(wanted),
  );
  const values = new Map<string, SuggestedValue>();
  for (const scope of all) {
    for (const [slug, row] of scope.rows) {
      if (row.link !== "custom" || wanted === "") continue;
      for (const field of formOf(slug).fields) {
        const own: FieldValue = row.fields[field.name] ?? { kind: "unset" };
        if (!texts(own).some((each) => matches(each.toLowerCase(), wanted))) continue;
        const { title, category } = kindCounts(company, [], slug);
        const key = JSON.stringify([slug, field.name, own]);
        const known = values.get(key) ?? {
          slug,
          title,
          category,
          field: field.name,
          field_title: field.title,
          value: own,
          scopes: 0,
          custom: 0,
          example: nameOf(scope),
        };
        const counted = scope.ref.level !== "instance" && row.active ? 1 : 0;
        values.set(key, { ...known, scopes: known.scopes + 1, custom: known.custom + counted });
      }
    }
  }
  const most = [...values.values()].toSorted((a, b) => b.scopes - a.scopes);
  return {
    scopes: scopes.slice(0, limit).map((scope) => ({
      scope: nameOf(scope),
      archived: scope.archived,
      state: kind === null ? null : item(company, scope, kind, none).state,
    })),
    total_scopes: { n: scopes.length, more: false },
    values: most.slice(0, limit),
    total_values: { n: most.length, more: false },
  };
}
