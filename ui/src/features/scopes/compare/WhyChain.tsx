import { cx } from "../../../components/cx";
import { StateGlyph, type Glyph } from "../../../components/StateGlyph";
import type { ChainLink, ChainRole, IntegrationItem, ScopeRef } from "../../../ipc/types";
import { m } from "../../../messages/en";
import styles from "./Compare.module.css";

const glyphs: Record<ChainRole, Glyph> = {
  sets_default: "sets_default",
  inherits: "inherited",
  passes_on: "inherited",
  uses_own: "custom",
  off: "off",
  not_visible: "unknown",
  inferred: "sets_default",
};

interface WhyChainProps {
  chain: ChainLink[];
  /** What stands at its end. */
  item: IntegrationItem;
  onOpen: (scope: ScopeRef) => void;
}

/** Instance → … → scope: solid from where the settings come, dashed where they stop coming. */
export function WhyChain({ chain, item, onOpen }: WhyChainProps) {
  return (
    <nav className={styles.chain} aria-label={m.compare.chainLabel}>
      <ol>
        {chain.map((link, index) => {
          const last = index === chain.length - 1;
          const said = link.source || last || link.role === "not_visible";
          const { glyph, word } = last ? endOf(link, item) : midOf(link);
          const wire = wireAfter(chain, index);
          return (
            <li key={link.scope.path} className={cx(link.source && styles.strong, last && styles.here)}>
              <button
                type="button"
                className={styles.link}
                title={`${link.scope.path}: ${word}`}
                onClick={() => onOpen(link.scope.scope)}
                aria-current={last ? "location" : undefined}
              >
                <StateGlyph of={glyph} />
                <bdi>{link.scope.scope.level === "instance" ? m.compare.instance : link.scope.name}</bdi>
              </button>
              {said && <span className={styles.role}>{word}</span>}
              {!last && <span aria-hidden="true" className={cx(styles.wire, styles[wire])} />}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

const midOf = ({ role }: ChainLink): { glyph: Glyph; word: string } => ({
  glyph: glyphs[role],
  word: m.compare.roles[role],
});

/** The scope itself: as its chip says. */
function endOf(link: ChainLink, { state, sets_default: sets }: IntegrationItem) {
  const glyph: Glyph = sets && state === "custom" ? "sets_default" : state;
  return { glyph, word: link.role === "off" ? m.compare.nothingAt[state] : m.compare.roles[link.role] };
}

/** The wire after a link: it carries the settings in force, breaks off, or never carried any. */
function wireAfter(chain: ChainLink[], index: number): "flows" | "broken" | "quiet" {
  const source = chain.findIndex((link) => link.source);
  const on =
    source >= 0
      ? source
      : chain.findIndex((link) => link.role === "sets_default" || link.role === "inferred");
  if (on < 0 || index < on) return "quiet";
  return chain.slice(on, index + 1).every((link) => link.flows) ? "flows" : "broken";
}
