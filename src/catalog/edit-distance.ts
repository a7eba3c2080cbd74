/** One row of the table. It is reused: allocating one for each pair takes longer than filling it. */
let row = new Uint16Array(256);

/**
 * Levenshtein's distance: the number of insertions, deletions and replacements that make the texts equal; any number above
 * `max` where it is larger. Common prefixes and suffixes are skipped, only cells within `max` of the diagonal are computed, and
 * it stops at a row without a number that is low enough.
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

/** The word that was probably meant by another: the nearest of these, where a typing error or two make the difference. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const max = word.length < 6 ? 1 : 2;
  const distances = words.map((known) => ({ known, distance: distanceWithin(max, word, known) }));
  return distances.filter(({ distance }) => distance <= max).sort((a, b) => a.distance - b.distance)[0]?.known;
}
