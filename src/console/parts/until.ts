const friday = 5;

/** A day as a date field has it, by the user's clock: `2026-11-27`. */
function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function inDays(days: number, now = new Date()): string {
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days));
}

/** The Friday of this week; from Friday on that of the next. */
export function nextFriday(now = new Date()): string {
  return inDays((friday - now.getDay() + 7) % 7 || 7, now);
}

/** The end of a day, by the user's clock. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
