import { useState } from "react";
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { Empty } from "../../components/Empty";
import { Segments } from "../../components/Segments";
import type { State, Trend } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./Overview.module.css";
import { DAYS, domainOf, pointsOf, type Point } from "./trend";

/** What can be followed, each in the colour of its state. */
const followed: readonly [state: State, colour: string][] = [
  ["custom", "var(--custom-bar)"],
  ["inherited", "var(--inherited-mark)"],
  ["inherited_differs", "var(--warn-mark)"],
  ["disabled", "var(--disabled-bar)"],
];

/** How one state grew or shrank from sync to sync, with Heirloom's own runs marked. */
export function TrendChart({ trend }: { trend: Trend | undefined }) {
  const [state, setState] = useState<State>("custom");
  const now = useNow();
  if (!trend) return null;
  const points = pointsOf(trend, state, now);
  const colour = followed.find(([each]) => each === state)?.[1] ?? "";
  const [low, high] = domainOf(points);
  const first = points[0]?.at ?? now;
  const runs = trend.runs
    .map((run) => ({ ...run, time: Date.parse(run.at) }))
    .filter(({ time }) => time >= first);
  return (
    <section className={styles.section} aria-labelledby="trend">
      <div className={styles.head}>
        <h2 id="trend">{m.overview.trend.title(m.states[state])}</h2>
        <span className={styles.meta}>{m.overview.trend.note(DAYS)}</span>
        <span className={styles.space} />
        <Segments
          label={m.overview.trend.choose}
          value={state}
          options={followed.map(([value]) => ({ value, label: m.overview.trend.short[value] }))}
          onChange={setState}
        />
      </div>
      {points.length < 2 ? (
        <Empty title={m.overview.trend.tooFew} note={m.overview.trend.tooFewNext} />
      ) : (
        <figure className={styles.chart} aria-label={m.overview.trend.said(m.states[state], points)}>
          <ResponsiveContainer width="100%" height={150}>
            <LineChart data={points} margin={{ top: 14, right: 16, bottom: 0, left: 0 }} accessibilityLayer>
              <CartesianGrid stroke="var(--line)" vertical={false} />
              <XAxis
                dataKey="at"
                type="number"
                scale="time"
                domain={["dataMin", "dataMax"]}
                tickFormatter={(at: number) => m.format.day(at)}
                tick={tick}
                tickLine={false}
                axisLine={{ stroke: "var(--line)" }}
                minTickGap={60}
              />
              <YAxis
                domain={[low, high]}
                tickFormatter={(n: number) => m.format.number(n)}
                tick={tick}
                tickLine={false}
                axisLine={false}
                width={52}
                allowDecimals={false}
                tickCount={4}
              />
              <Tooltip
                isAnimationActive={false}
                cursor={{ stroke: "var(--line-input)" }}
                content={({ active, payload }) => {
                  const point = active ? (payload[0]?.payload as Point | undefined) : undefined;
                  return point ? (
                    <div className={styles.tip}>
                      {m.overview.trend.point(m.states[state], point.n, new Date(point.at).toISOString())}
                    </div>
                  ) : null;
                }}
              />
              {runs.map(({ run, time }) => (
                <ReferenceLine
                  key={run}
                  x={time}
                  stroke="var(--text-3)"
                  strokeDasharray="2 2"
                  label={{
                    value: m.overview.trend.run(run),
                    position: "insideTopLeft",
                    fill: "var(--text-2)",
                    fontSize: 11,
                  }}
                />
              ))}
              <Line
                dataKey="n"
                type="stepAfter"
                stroke={colour}
                strokeWidth={1.75}
                dot={false}
                activeDot={{ r: 4, fill: colour }}
                isAnimationActive={false}
              />
            </LineChart>
          </ResponsiveContainer>
        </figure>
      )}
    </section>
  );
}

const tick = { fill: "var(--text-3)", fontSize: 11 };
