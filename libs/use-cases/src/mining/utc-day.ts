/** The UTC day of a time in epoch milliseconds, `YYYY-MM-DD`. */
export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
