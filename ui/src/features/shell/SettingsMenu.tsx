import { Menu } from "@base-ui/react/menu";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Settings } from "lucide-react";
import { IconButton } from "../../components/Button";
import { Kbd } from "../../components/Kbd";
import menu from "../../components/Menu.module.css";
import { popupPlace } from "../../components/popupPlace";
import { app } from "../../ipc/backend";
import { setPreference, usePreference } from "../../ipc/preferences";
import { queries } from "../../ipc/queries";
import { m } from "../../messages/en";

/** Days that history may be kept for, of which one is chosen here; heirloomctl takes any number. */
const KEPT = [30, 90, 365, 3 * 365];

/** How the window looks and which keys act. */
export function SettingsMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const theme = usePreference("theme");
  const density = usePreference("density");
  const letters = usePreference("singleLetters");
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <IconButton label={m.shell.settings} data-testid="settings">
            <Settings size={16} strokeWidth={1.75} />
          </IconButton>
        }
      />
      <Menu.Portal container={popupPlace}>
        <Menu.Positioner sideOffset={6} align="end" className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Choice
              heading={m.shell.theme}
              value={theme}
              options={m.shell.themes}
              onChange={(value) => setPreference("theme", value)}
            />
            <Menu.Separator className={menu.line} />
            <Choice
              heading={m.shell.density}
              value={density}
              options={m.shell.densities}
              onChange={(value) => setPreference("density", value)}
            />
            <Menu.Separator className={menu.line} />
            <KeepHistory />
            <Menu.CheckboxItem
              className={menu.item}
              checked={letters}
              onCheckedChange={(checked) => setPreference("singleLetters", checked)}
            >
              <span className={menu.check}>
                <Menu.CheckboxItemIndicator>
                  <Check size={14} strokeWidth={2} />
                </Menu.CheckboxItemIndicator>
              </span>
              {m.shell.singleLetters}
            </Menu.CheckboxItem>
            <Menu.Item className={menu.item} onClick={onShortcuts}>
              <span className={menu.check} />
              <span className={menu.grow}>{m.shell.shortcuts}</span>
              <Kbd keys={["?"]} />
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** For how long history is kept: of all connections, and for heirloomctl as well. */
function KeepHistory() {
  const queryClient = useQueryClient();
  const kept = useQuery(queries.historyKept());
  const keep = useMutation({
    mutationFn: (days: number) => app.keepHistoryDays(days),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queries.historyKept().queryKey }),
    meta: { failure: m.failed.keepHistory },
  });
  if (kept.data === undefined) return null;
  const days = [...new Set([...KEPT, kept.data])].sort((a, b) => a - b);
  return (
    <>
      <Choice
        heading={m.shell.keepHistory}
        value={String(kept.data)}
        options={Object.fromEntries(days.map((each) => [String(each), m.shell.keptFor(each)]))}
        onChange={(value) => keep.mutate(Number(value))}
      />
      <Menu.Separator className={menu.line} />
    </>
  );
}

interface ChoiceProps<V extends string> {
  heading: string;
  value: V;
  options: Record<V, string>;
  onChange: (value: V) => void;
}

function Choice<V extends string>({ heading, value, options, onChange }: ChoiceProps<V>) {
  return (
    <Menu.RadioGroup value={value} onValueChange={(next) => onChange(next as V)} aria-label={heading}>
      <div className={menu.heading}>{heading}</div>
      {(Object.entries(options) as [V, string][]).map(([each, label]) => (
        <Menu.RadioItem key={each} value={each} className={menu.item} closeOnClick={false}>
          <span className={menu.check}>
            <Menu.RadioItemIndicator>
              <Check size={14} strokeWidth={2} />
            </Menu.RadioItemIndicator>
          </span>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
