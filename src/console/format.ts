// Numbers, money and times, as the user's browser writes them in English.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const cents = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** 12,345 */
export const count = (value: number | string) => whole.format(Number(value));
/** 128K, of tokens. */
export const tokens = (value: number | string) => short.format(Number(value));
/** $1,234.50, or what is left of less than a dollar: $0.0405. */
export const dollars = (value: string) => (Math.abs(Number(value)) < 1 ? cents : money).format(Number(value));
/** The price of a million tokens, by that of a thousand. */
export const perMillion = (perThousand: string) => dollars(String(Number(perThousand) * 1_000));
export const date = (text: string) => day.format(new Date(text));
export const time = (text: string) => moment.format(new Date(text));

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** in 3 days, 2 hours ago: days by the calendar, so that what is on the day after tomorrow is in 2 days. */
export function fromNow(text: string, now = Date.now()): string {
  const ms = Date.parse(text) - now;
  if (Math.abs(ms) >= dayMs)
    return relative.format(Math.round((midnight(Date.parse(text)) - midnight(now)) / dayMs), 'day');
  const [unit, length] = Math.abs(ms) >= hourMs ? (['hour', hourMs] as const) : (['minute', minuteMs] as const);
  return relative.format(Math.trunc(ms / length), unit);
}

/** The beginning of the user's day. */
function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
