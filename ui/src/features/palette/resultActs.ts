import {
  ChartColumn,
  Download,
  ExternalLink,
  Grid3x3,
  History,
  List,
  PanelsTopLeft,
  Plug,
  type LucideIcon,
} from "lucide-react";
import { allDrift, wholeKind, wholeMatrix, type Place } from "../../app/navigation";
import type { ExportFormat, ExportPart, FieldValue, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import type { Result } from "./results";

/** What a result can lead to. */
export interface Ways {
  connection: number;
  go: (place: Place) => void;
  exportPart: (part: ExportPart, format: ExportFormat) => void;
  openInGitLab: (scope: ScopeRef) => void;
}

/** An act on a result; the first of several is what Enter does. */
export interface Act {
  icon: LucideIcon;
  label: string;
  run: () => void;
}

/** A value as the matrix is filtered by it. */
const textOf = (value: FieldValue): string =>
  value.kind === "text" || value.kind === "integer"
    ? value.value
    : value.kind === "list"
      ? value.value.join(", ")
      : "";

/** Everything that can be done with a result. */
export function actsOn(result: Result, ways: Ways): Act[] {
  const { connection, go } = ways;
  switch (result.kind) {
    case "action":
      return [{ icon: result.command.icon, label: m.commands[result.command.id], run: result.command.run }];
    case "scope": {
      const { scope, path } = result.found.scope;
      const instance = scope.level === "instance";
      const root = instance ? null : scope;
      const below = scope.level === "project" ? [] : belowActs(root, ways);
      return [
        {
          icon: PanelsTopLeft,
          label: m.palette.acts.open,
          run: () => go({ view: "scopes", connection, scope, slug: null, editing: false }),
        },
        {
          icon: Grid3x3,
          label: m.palette.acts.matrix,
          run: () =>
            go({
              view: "matrix",
              connection,
              shown: {
                ...wholeMatrix,
                archived: true,
                ...(scope.level === "project" ? { text: path } : { root }),
              },
            }),
        },
        ...below,
        {
          icon: History,
          label: m.palette.acts.drift,
          run: () => go({ view: "drift", connection, shown: { ...allDrift, below: root } }),
        },
        { icon: ExternalLink, label: m.palette.acts.openInGitLab, run: () => ways.openInGitLab(scope) },
      ];
    }
    case "integration": {
      const { slug } = result.of;
      return [
        {
          icon: Plug,
          label: m.palette.acts.open,
          run: () => go({ view: "integrations", connection, slug, shown: wholeKind }),
        },
        {
          icon: Grid3x3,
          label: m.palette.acts.matrix,
          run: () =>
            go({ view: "matrix", connection, shown: { ...wholeMatrix, kinds: [slug], archived: true } }),
        },
        {
          icon: History,
          label: m.palette.acts.kindDrift,
          run: () => go({ view: "drift", connection, shown: { ...allDrift, slug } }),
        },
        {
          icon: Download,
          label: m.palette.acts.exportCsv,
          run: () => ways.exportPart({ below: null, slug }, "csv"),
        },
        {
          icon: Download,
          label: m.palette.acts.exportReport,
          run: () => ways.exportPart({ below: null, slug }, "html"),
        },
      ];
    }
    case "value": {
      const { slug, field, value, scopes, custom, example } = result.value;
      const first = {
        icon: PanelsTopLeft,
        label: m.palette.acts.first(example.path),
        run: () => go({ view: "scopes", connection, scope: example.scope, slug, editing: false }),
      };
      const list = {
        icon: List,
        label: m.palette.acts.openList,
        run: () => go({ view: "integrations", connection, slug, shown: { field, below: null, value } }),
      };
      const matrix = {
        icon: Grid3x3,
        label: m.palette.acts.matrix,
        run: () =>
          go({
            view: "matrix",
            connection,
            shown: { ...wholeMatrix, kinds: [slug], value: textOf(value), archived: true },
          }),
      };
      if (scopes === 1) return [first, ...(custom > 0 ? [list] : []), matrix];
      // Switched off settings are in no group of values: then the matrix lists who has it.
      return custom > 0 ? [list, matrix, first] : [matrix, first];
    }
  }
}

function belowActs(root: ScopeRef | null, { connection, go, exportPart }: Ways): Act[] {
  return [
    {
      icon: ChartColumn,
      label: m.palette.acts.overview,
      run: () => go({ view: "overview", connection, root, level: null }),
    },
    {
      icon: Download,
      label: m.palette.acts.exportCsv,
      run: () => exportPart({ below: root, slug: null }, "csv"),
    },
    {
      icon: Download,
      label: m.palette.acts.exportReport,
      run: () => exportPart({ below: root, slug: null }, "html"),
    },
  ];
}
