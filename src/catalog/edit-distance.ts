/** One row of the table, kept: to make one for each pair costs more than to fill it. */
let row = new Uint16Array(256);

/**
 * How many characters have to be put in, taken out or replaced to make one text the other (Levenshtein's distance); any number
 * above `max` where it takes more. What the texts begin and end with alike is passed over, of the table only the cells within
 * `max` of the diagonal are filled, and no row after one without a number that is low enough.
 */
export function distanceWithin(max: number, one: string, other: string): number {
  if (Math.abs(one.length - other.length) > max) return max + 1;

  let start = 0;
  let oneEnd = one.length;
  let otherEnd = other.length;
  while (start < oneEnd && start < otherEnd && one.charCodeAt(start) === other.charCodeAt(start)) start += 1;
  while (oneEnd > start && otherEnd > start && one.charCodeAt(oneEnd - 1) === other.charCodeAt(otherEnd - 1)) {
    oneEnd -= 1;
    otherEnd -= 1;
  }
  const [height, width] = [oneEnd - start, otherEnd - start];
  if (row.length <= width) row = new Uint16Array(2 * width);
  for (let j = 0; j <= width; j += 1) row[j] = j;

  for (let i = 1; i <= height; i += 1) {
    const from = Math.max(1, i - max);
    const to = Math.min(width, i + max);
    const code = one.charCodeAt(start + i - 1);
    let diagonal = row[from - 1] ?? 0;
    let left = from === 1 ? i : max + 1;
    let lowest = left;
    row[from - 1] = left;
    for (let j = from; j <= to; j += 1) {
      const above = j === i + max ? max + 1 : (row[j] ?? 0);
      const replaced = code === other.charCodeAt(start + j - 1) ? diagonal : diagonal + 1;
      diagonal = row[j] ?? 0;
      left = Math.min(replaced, above + 1, left + 1);
      row[j] = left;
      if (left < lowest) lowest = left;
    }
    if (lowest > max) return max + 1;
  }
  return row[width] ?? 0;
}
