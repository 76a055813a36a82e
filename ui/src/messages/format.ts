const locale = "en-GB";

const numbers = new Intl.NumberFormat("en");
const plurals = new Intl.PluralRules("en");
const lists = new Intl.ListFormat("en", { type: "conjunction" });
const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const shortDays = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const times = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 6214 → "6,214". */
export const number = (n: number): string => numbers.format(n);

/** "1 step", "2 steps", "1,352 steps". */
export function plural(n: number, one: string, other: string): string {
  return `${number(n)} ${plurals.select(n) === "one" ? one : other}`;
}

/** The form of a word that goes with a number, without the number. */
export function form(n: number, one: string, other: string): string {
  return plurals.select(n) === "one" ? one : other;
}

/** "a, b and c". */
export const list = (items: string[]): string => lists.format(items);

/** "14 Jun 2026"; dates without a time are taken as they stand. */
export function date(iso: string): string {
  return days.format(new Date(iso.length === 10 ? `${iso}T12:00:00` : iso));
}

/** "14 Jun", for axes. */
export const day = (ms: number): string => shortDays.format(new Date(ms));

/** Everything there is to know of a time, for tooltips. */
export const exactTime = (iso: string): string => exact.format(new Date(iso));

/** "14:28" today, "yesterday 18:40", else "8 Nov 2025". */
export function clock(iso: string, now: number): string {
  const then = new Date(iso);
  const apart = startOfDay(now) - startOfDay(then.getTime());
  if (apart <= 0) return times.format(then);
  if (apart <= DAY + HOUR) return `yesterday ${times.format(then)}`;
  return days.format(then);
}

/** "at 14:28", "yesterday at 18:40", "on 8 Nov 2025". */
export function at(iso: string, now: number): string {
  const then = new Date(iso);
  const apart = startOfDay(now) - startOfDay(then.getTime());
  if (apart <= 0) return `at ${times.format(then)}`;
  if (apart <= DAY + HOUR) return `yesterday at ${times.format(then)}`;
  return `on ${days.format(then)}`;
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** "just now", "4 min ago", "2 h ago", "9 days ago". */
export function ago(iso: string, now: number): string {
  const past = now - Date.parse(iso);
  return past < MINUTE ? "just now" : `${span(past)} ago`;
}

/** "14 hours old", for data. */
export function old(iso: string, now: number): string {
  const past = now - Date.parse(iso);
  if (past < MINUTE) return "less than a minute old";
  if (past < HOUR) return `${plural(Math.floor(past / MINUTE), "minute", "minutes")} old`;
  if (past < 2 * DAY) return `${plural(Math.floor(past / HOUR), "hour", "hours")} old`;
  return `${plural(Math.floor(past / DAY), "day", "days")} old`;
}

function span(ms: number): string {
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return plural(Math.floor(ms / DAY), "day", "days");
}

/** "5 seconds", "2 to 3 minutes". */
export function duration(from: number, to: number): string {
  if (to < 90) {
    const high = Math.max(1, Math.round(to));
    const low = Math.max(1, Math.round(from));
    return low === high
      ? plural(high, "second", "seconds")
      : `${number(low)} to ${plural(high, "second", "seconds")}`;
  }
  const low = Math.max(1, Math.floor(from / 60));
  const high = Math.ceil(to / 60);
  return low === high
    ? plural(high, "minute", "minutes")
    : `${number(low)} to ${plural(high, "minute", "minutes")}`;
}

/** Whole days from now to a date; negative when past. */
export function daysUntil(isoDate: string, now: number): number {
  return Math.round((startOfDay(Date.parse(`${isoDate}T12:00:00`)) - startOfDay(now)) / DAY);
}

/** First letter as at the start of a sentence. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase("en") + text.slice(1);
