/**
 * A price per 1,000 tokens as one per token (`places` -3) or per million (3): the decimal point is moved, so that no digit changes.
 * Null where it is unknown.
 */
export function movePoint(price: string | null, places: number): string | null {
  if (price === null) return null;
  const [whole = '', fraction = ''] = price.split('.');
  const point = whole.length + places;
  const digits = `${'0'.repeat(Math.max(1 - point, 0))}${whole}${fraction}`.padEnd(point, '0');
  const end = Math.max(point, 1);
  const before = digits.slice(skipZeros(digits, end - 1), end);
  const after = digits.slice(end, endOfDigits(digits));
  return after === '' ? before : `${before}.${after}`;
}

/** The first digit that is no zero, but not after `last`. */
function skipZeros(digits: string, last: number): number {
  let start = 0;
  while (start < last && digits[start] === '0') start += 1;
  return start;
}

/** The end without zeros there. */
function endOfDigits(digits: string): number {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return end;
}
