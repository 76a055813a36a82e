import {
  ArrowLeft,
  CornerLeftUp,
  ExternalLink,
  Link,
  Info,
  ListTree,
  MoreHorizontal,
  Pencil,
  PowerOff,
  RefreshCw,
} from "lucide-react";
import { Menu } from "@base-ui/react/menu";
import { Button, IconButton } from "../../../components/Button";
import { CategoryTile } from "../../../components/icons";
import { Empty } from "../../../components/Empty";
import menu from "../../../components/Menu.module.css";
import { StateChip } from "../../../components/StateChip";
import { popupPlace } from "../../../components/popupPlace";
import type { Comparison, Offer, ScopeName, ScopeRef } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { useCommands } from "../../../app/commands/useCommands";
import { WhyPopover } from "../list/WhyPopover";
import styles from "./Compare.module.css";
import { CompareTable } from "./CompareTable";
import { WhyChain } from "./WhyChain";

export interface CompareActs {
  openScope: (scope: ScopeRef) => void;
  openDefault: (source: ScopeName, slug: string) => void;
  readAgain: (() => void) | null;
  openInGitLab: (slug: string) => void;
  copyLink: (() => void) | null;
  edit: (() => void) | null;
  useDefault: (() => void) | null;
  disable: (() => void) | null;
  /** One change of everything below. */
  changeBelow: (() => void) | null;
  /** Back to the list, where both share one pane. */
  back: (() => void) | null;
}

/** An integration at a scope: where its settings come from, default beside own, what may be done. */
export function ComparePane({ comparison, acts }: { comparison: Comparison; acts: CompareActs }) {
  const { item, scope } = comparison;
  const custom = item.state === "custom" || (item.state === "disabled" && item.inherited === false);
  const mayEdit = comparison.edit.kind === "offered" ? acts.edit : null;
  const mayUseDefault = comparison.use_default.kind === "offered" ? acts.useDefault : null;
  useCommands(
    {
      editCustom: mayEdit,
      useDefault: mayUseDefault,
      disable: comparison.disable.kind === "offered" && acts.disable,
    },
    m.compare.subject(scope.name, item.title),
  );
  return (
    <section className={styles.pane} aria-label={m.shell.panes.compare} data-pane="compare">
      <header className={styles.head}>
        {acts.back && (
          <IconButton label={m.acts.back} onClick={acts.back}>
            <ArrowLeft size={16} strokeWidth={1.75} />
          </IconButton>
        )}
        <CategoryTile category={item.category} />
        <h2 title={comparison.description}>{item.title}</h2>
        <WhyPopover
          item={item}
          level={scope.scope.level}
          onOpenDefault={(source) => acts.openDefault(source, item.slug)}
          onReadAgain={acts.readAgain}
          trigger={
            <button type="button" className={styles.chip} data-testid="compare-chip">
              <StateChip state={item.state} setsDefault={item.sets_default} />
            </button>
          }
        />
        <span className={styles.space} />
        <Offered
          offer={comparison.use_default}
          act={acts.useDefault}
          test="use-default"
          keys="U"
          icon={<CornerLeftUp size={15} strokeWidth={1.75} />}
        >
          {m.acts.useDefault}
        </Offered>
        <Offered
          offer={comparison.edit}
          act={acts.edit}
          test="edit-custom"
          keys="E"
          primary
          icon={<Pencil size={14} strokeWidth={2} />}
        >
          {custom ? m.acts.editCustom : m.acts.useCustom}
        </Offered>
        <MoreMenu
          acts={acts}
          slug={item.slug}
          disable={comparison.disable}
          changeBelow={
            scope.scope.level !== "project" && item.state !== "unavailable" ? acts.changeBelow : null
          }
        />
      </header>
      <WhyChain chain={comparison.chain} item={item} onOpen={acts.openScope} />
      <div className={styles.scroll}>
        {comparison.sections.some((section) => section.rows.length > 0) ? (
          <CompareTable
            key={`${scope.scope.level}:${scope.scope.id}:${item.slug}`}
            comparison={comparison}
            onOpenDefault={(source) => acts.openDefault(source, item.slug)}
          />
        ) : (
          <Empty
            title={m.compare.nothing}
            note={item.why?.text ?? `${comparison.description} ${m.compare.nothingNext}`}
          />
        )}
      </div>
      <Note comparison={comparison} offered={acts.useDefault !== null} />
    </section>
  );
}

interface OfferedProps {
  offer: Offer;
  act: (() => void) | null;
  test: string;
  keys: string;
  primary?: boolean;
  icon: React.ReactNode;
  children: string;
}

/** An act where it is offered; switched off with its reason where it is refused; else nothing. */
function Offered({ offer, act, test, keys, primary, icon, children }: OfferedProps) {
  if (offer.kind === "absent") return null;
  const look = {
    variant: primary ? ("primary" as const) : ("secondary" as const),
    icon,
    "data-testid": test,
  };
  if (offer.kind === "refused") {
    return (
      <Button {...look} aria-disabled title={offer.why.text}>
        {children}
        <span className="sr-only">: {offer.why.text}</span>
      </Button>
    );
  }
  // Offline, or a connection that changes nothing: writes are not offered at all.
  return act ? (
    <Button {...look} keys={[keys]} onClick={act}>
      {children}
    </Button>
  ) : null;
}

interface MoreMenuProps {
  acts: CompareActs;
  slug: string;
  disable: Offer;
  changeBelow: (() => void) | null;
}

function MoreMenu({ acts, slug, disable, changeBelow }: MoreMenuProps) {
  const { readAgain, copyLink } = acts;
  const off = disable.kind === "absent" ? null : acts.disable;
  const refused = disable.kind === "refused" ? disable.why.text : undefined;
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <IconButton label={m.acts.more} data-testid="compare-more">
            <MoreHorizontal size={16} strokeWidth={1.75} />
          </IconButton>
        }
      />
      <Menu.Portal container={popupPlace}>
        <Menu.Positioner sideOffset={4} align="end" className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            {readAgain && (
              <Menu.Item className={menu.item} onClick={() => readAgain()}>
                <RefreshCw size={14} strokeWidth={2} /> {m.acts.readAgain}
              </Menu.Item>
            )}
            <Menu.Item className={menu.item} onClick={() => acts.openInGitLab(slug)}>
              <ExternalLink size={14} strokeWidth={2} /> {m.acts.openInGitLab}
            </Menu.Item>
            {copyLink && (
              <Menu.Item className={menu.item} onClick={() => copyLink()} data-testid="copy-link">
                <Link size={14} strokeWidth={2} /> {m.acts.copyLink}
              </Menu.Item>
            )}
            {changeBelow && (
              <Menu.Item className={menu.item} onClick={changeBelow} data-testid="change-below">
                <ListTree size={14} strokeWidth={2} /> {m.changes.bulk.below}
              </Menu.Item>
            )}
            {off && (
              <Menu.Item
                className={menu.item}
                disabled={refused !== undefined}
                title={refused}
                onClick={() => off()}
                data-testid="disable"
              >
                <PowerOff size={14} strokeWidth={2} /> {m.acts.disable}
                {refused !== undefined && <span className="sr-only">: {refused}</span>}
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** What *Use default settings* would do, or why the acts are refused. */
function Note({ comparison, offered }: { comparison: Comparison; offered: boolean }) {
  const { use_default: offer, use_default_effect: effect, edit } = comparison;
  const refused = edit.kind === "refused" ? edit : offer.kind === "refused" ? offer : null;
  if (refused) {
    return (
      <footer className={styles.note} data-testid="compare-note">
        <Info size={15} strokeWidth={1.75} aria-hidden="true" />
        <p>{refused.why.text}</p>
      </footer>
    );
  }
  if (!effect || !offered || offer.kind !== "offered") return null;
  return (
    <footer className={styles.note} data-testid="compare-note">
      <Info size={15} strokeWidth={1.75} aria-hidden="true" />
      <p>
        <strong>{m.acts.useDefault}</strong> {m.compare.note(effect)}
      </p>
    </footer>
  );
}
