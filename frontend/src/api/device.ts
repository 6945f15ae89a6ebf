/** What this device remembers between visits that is no secret and no content. */

const SHARED = 'lab.shared-device';
const LAST = 'lab.last-challenge';

/** On a shared computer nothing that people write is kept in the browser. */
export function isSharedDevice(): boolean {
  return read(SHARED) === '1';
}

export function rememberSharedDevice(shared: boolean): void {
  write(SHARED, shared ? '1' : null);
  if (shared) write(LAST, null);
}

/** The challenge last worked in, for "Continue where you left off". */
export function lastChallenge(person: string): string | null {
  const [owner, challenge] = read(LAST)?.split(' ') ?? [];
  return owner === person ? (challenge ?? null) : null;
}

export function rememberChallenge(person: string, challenge: string): void {
  if (!isSharedDevice()) write(LAST, `${person} ${challenge}`);
}

export function forgetOnSignOut(): void {
  write(SHARED, null);
  write(LAST, null);
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage can be shut off; then nothing is remembered.
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
