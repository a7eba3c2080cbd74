/** Something that was measured, beside what was to be reached, where that was said. */
export interface Verdict {
  title: string;
  value: string;
  needed?: string;
  isReached?: boolean;
}

/** A ratio that is to be at least, or at most, so much. */
export function judgeRatio(
  title: string,
  ratio: number,
  needed: { least: number } | { most: number },
  digits = 2,
): Verdict {
  const isReached = 'least' in needed ? ratio >= needed.least : ratio <= needed.most;
  return {
    title,
    value: `${ratio.toFixed(digits)} ×`,
    needed: 'least' in needed ? `≥ ${needed.least} ×` : `≤ ${needed.most} ×`,
    isReached,
  };
}

/** Readings of one ratio, each of which is to be at most so much. */
export function judgeReadings(title: string, ratios: readonly number[], { most }: { most: number }): Verdict {
  const reached = ratios.filter((ratio) => ratio <= most).length;
  return {
    title,
    value: `${ratios.map((ratio) => ratio.toFixed(2)).join(', ')} ×`,
    needed: `≤ ${most} × in ${ratios.length} of ${ratios.length}`,
    isReached: reached === ratios.length,
  };
}
