// How long to wait before trying again: random over the whole range (full jitter), so that a restarted server is
// not met by everybody at once. The range doubles from attempt to attempt.

export const SHORTEST = 500;
export const LONGEST = 30_000;

/** Milliseconds before attempt number `attempt` (0 is the first retry). `random` is in [0, 1). */
export function retryDelay(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST, SHORTEST * 2 ** Math.min(attempt + 1, 16));
  return SHORTEST + random * (ceiling - SHORTEST);
}
