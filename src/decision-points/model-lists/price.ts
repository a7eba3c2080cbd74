/**
 * A price per 1,000 tokens as one per token (`places` -3) or per million (3): the decimal point is moved, so that no digit changes.
 * Null where it is unknown.
 */
export function movePoint(price: string | null, places: number): string | null {
  if (price === null) return null;
  const [whole = '', fraction = ''] = price.split('.');
  const digits = whole + fraction;
  const point = whole.length + places;
  const padded = digits.padStart(digits.length - Math.min(point - 1, 0), '0').padEnd(point, '0');
  const place = Math.max(point, 1);
  const before = padded.slice(0, place).replace(/^0+(?=\d)/, '');
  const after = padded.slice(place).replace(/0+$/, '');
  return after === '' ? before : `${before}.${after}`;
}
