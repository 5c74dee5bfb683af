/** Times and durations as people say them. */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const units = { s: secondMs, m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs } as const;

/** `3 h ago`; a date once that says more. */
export function showAge(at: number, now: number): string {
  const ms = now - at;
  if (ms < -minuteMs) return showDate(at);
  if (ms < 5 * secondMs) return 'just now';
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s ago`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ago`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h ago`;
  if (ms < 14 * dayMs) return `${Math.floor(ms / dayMs)} d ago`;
  return showDate(at);
}

/** In the reader's own time zone. */
export function showDate(at: number): string {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((it) => String(it).padStart(2, '0'))
    .join('-');
}

export function showClock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((it) => String(it).padStart(2, '0'))
    .join(':');
}

export function showDuration(ms: number): string {
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < 10 * secondMs) return `${(ms / secondMs).toFixed(1)} s`;
  if (ms < minuteMs) return `${Math.round(ms / secondMs)} s`;
  if (ms < hourMs)
    return `${Math.floor(ms / minuteMs)} min ${Math.floor((ms % minuteMs) / secondMs)} s`;
  return `${Math.floor(ms / hourMs)} h ${Math.floor((ms % hourMs) / minuteMs)} min`;
}

/** `90s`, `2h`, `3d`, `1w`, or a date: milliseconds since 1970. Undefined when it is neither. */
export function readMoment(text: string, now: number): number | undefined {
  const age = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(text.trim());
  if (age !== null) return now - Number(age[1]) * units[age[2] as keyof typeof units];
  const date = /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/;
  if (!date.test(text.trim())) return undefined;
  // A day alone begins where the reader is, not in Greenwich.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
  const at = Date.parse(isDay ? `${text.trim()}T00:00` : text.trim());
  return Number.isNaN(at) ? undefined : at;
}
