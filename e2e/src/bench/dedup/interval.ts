/** The 0.975 quantile of the normal distribution. */
const Z = 1.959964;

export interface Share {
  readonly hits: number;
  readonly count: number;
  readonly share: number;
  /** Wilson's interval at 95 %. */
  readonly low: number;
  readonly high: number;
}

/** A share with its interval, which is sensible at 0 and 1, too; null: nothing was counted. */
export function shareOf(hits: number, count: number): Share | null {
  if (count === 0) return null;
  const share = hits / count;
  const spread = Z * Math.sqrt((share * (1 - share)) / count + (Z * Z) / (4 * count * count));
  const middle = share + (Z * Z) / (2 * count);
  const scale = 1 + (Z * Z) / count;
  return { hits, count, share, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}
