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

/** The quantile of these, in whole milliseconds. */
export function quantile(share: number, times: readonly number[]): number {
  return Math.round(times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? Number.NaN);
}

/** Times in ms, of which so large a share is to take at most so long. */
export function judgeTimes(
  title: string,
  times: readonly number[],
  { share, most }: { share: number; most: number },
): Verdict {
  const value = quantile(share, times);
  return {
    title,
    value: `${value} ms (p50 ${quantile(0.5, times)} ms)`,
    needed: `≤ ${most} ms`,
    isReached: value <= most,
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
