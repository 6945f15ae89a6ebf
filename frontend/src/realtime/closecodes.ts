// Why the server closed a socket: the same numbers as lab/realtime/errors.py, compared by a test.
import type { Stop } from './types';

export const CLOSE = {
  TOO_BIG: 1009,
  BROKEN_ROOM: 1011,
  RESTARTING: 1012,
  TRY_LATER: 1013,
  PROTOCOL: 4400,
  NOT_SIGNED_IN: 4401,
  NOT_ALLOWED: 4403,
  NO_SUCH_ROOM: 4404,
  OUTDATED: 4409,
} as const;

/** 44xx: coming back cannot help. Everything else is tried again. */
export function isFinal(code: number): boolean {
  return code >= 4400 && code < 4500;
}

export function stopFor(code: number, reason: string): Stop {
  return { code, reason, message: explain(code, reason) };
}

function explain(code: number, reason: string): string {
  switch (code) {
    case CLOSE.NOT_SIGNED_IN:
      return 'You are signed out. Sign in again to go on.';
    case CLOSE.NOT_ALLOWED:
      return 'You no longer have access to this page. Ask the person who invited you.';
    case CLOSE.NO_SUCH_ROOM:
      return 'This page is not there any more, or you are no longer part of it. Ask the person who invited you.';
    case CLOSE.OUTDATED:
      return reason === 'schema'
        ? 'The lab has been updated. Reload this page to go on.'
        : 'This page was replaced by another version.';
    default:
      return 'The lab did not accept what this page sent. Copy your text, then start afresh.';
  }
}
