import type {
  FieldValue,
  KindDefault,
  KindView,
  Member,
  MemberQuery,
  Members,
  ScopeRef,
  ValueGroup,
  ValueGroups,
} from "../ipc/types";
import { ancestors, find, item, nameOf, same, shown, sourceOf } from "./answers";
import { formOf } from "./catalog";
import type { Company, Scope } from "./company";
import { kindCounts } from "./matrix";

const none: ReadonlySet<string> = new Set();
const visit = (scope: Scope): Scope[] => [scope, ...scope.children.flatMap(visit)];
const sets = (scope: Scope, slug: string) =>
  scope.ref.level !== "project" && scope.rows.get(slug)?.link === "custom";

/** Everyone who sets a default, and who stands between them. */
function defaultsOf(company: Company, slug: string, fields: string[]): KindDefault[] {
  const all = visit(company.root);
  const owners = all.filter((scope) => sets(scope, slug));
  const onTheWay = new Set(
    owners.flatMap((owner) => [...ancestors(owner).filter((above) => above.depth > 0), owner]),
  );
  const form = formOf(slug);
  return all
    .filter((scope) => onTheWay.has(scope))
    .map((scope) => {
      const row = sets(scope, slug) ? scope.rows.get(slug) : undefined;
      const heirs = all.filter(
        (other) => other.rows.get(slug)?.link === "inherited" && sourceOf(other, slug) === scope,
      );
      return {
        scope: nameOf(scope),
        depth: Math.max(0, scope.depth - 1),
        sets_default: row !== undefined,
        inferred: scope.ref.level === "instance",
        active: row?.active ?? false,
        values: fields.flatMap((name) => {
          const field = form.fields.find((each) => each.name === name);
          return field ? [shown(row, field)] : [];
        }),
        inherit: heirs.length,
        differ: heirs.filter((heir) => item(company, heir, slug, none).state === "inherited_differs").length,
        custom: visit(scope).filter((other) => other !== scope && other.rows.get(slug)?.link === "custom")
          .length,
      };
    });
}

export function kindView(company: Company, slug: string, fields: string[]): KindView {
  const all = visit(company.root);
  const form = formOf(slug);
  return {
    kind: kindCounts(company, all, slug),
    description: form.description,
    scopes: all.length - 1,
    fields: form.fields
      .filter(({ control }) => control !== "password")
      .map(({ name, title }) => ({ name, title })),
    defaults: defaultsOf(company, slug, fields),
  };
}

function customs(company: Company, slug: string, below: ScopeRef | null): Scope[] {
  const from = below ? find(company, below) : company.root;
  return visit(from).filter(
    (scope) => scope.ref.level !== "instance" && scope.rows.get(slug)?.link === "custom",
  );
}
const held = (scope: Scope, slug: string, field: string): FieldValue =>
  scope.rows.get(slug)?.fields[field] ?? { kind: "unset" };

export function valueGroups(
  company: Company,
  slug: string,
  field: string,
  below: ScopeRef | null,
): ValueGroups {
  const scopes = customs(company, slug, below);
  const groups = new Map<string, ValueGroup>();
  for (const scope of scopes) {
    const value = held(scope, slug, field);
    const key = JSON.stringify(value);
    groups.set(key, { value, label: null, scopes: (groups.get(key)?.scopes ?? 0) + 1 });
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.scopes - a.scopes);
  return { scopes: scopes.length, values: sorted.length, unread: 0, groups: sorted };
}

export function groupMembers(company: Company, query: MemberQuery, offset: number, limit: number): Members {
  const { slug } = query;
  const scopes = customs(company, slug, query.below).filter((scope) =>
    same(held(scope, slug, query.field), query.value),
  );
  const beside = formOf(slug).fields.find(({ name }) => name === query.beside);
  return {
    total: scopes.length,
    rows: scopes.slice(offset, offset + limit).map((scope): Member => ({
      scope: nameOf(scope),
      beside: beside ? shown(scope.rows.get(slug), beside) : null,
      updated_at: scope.rows.get(slug)?.updatedAt ?? null,
      differing: item(company, scope, slug, none).differing,
    })),
  };
}
