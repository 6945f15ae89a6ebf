/** For tests: the whole app at an address, over a network that the test answers. Everything else is the real thing. */
import { render } from '@testing-library/react';
import axe from 'axe-core';
import { vi } from 'vitest';
import type { Me } from '../api/types';
import { App } from './App';

export interface Sent {
  method: string;
  path: string;
  body: unknown;
  csrf: string | null;
}
export interface Answer {
  status?: number;
  body?: unknown;
}
type Handler = (sent: Sent) => Answer | Promise<Answer>;

/** Answers by "METHOD /path". What no test foresaw is a 404, as on the server. */
export class Network {
  readonly sent: Sent[] = [];
  private readonly handlers = new Map<string, Handler>();

  constructor() {
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => this.answer(String(input), init));
  }

  on(route: string, answer: Handler | Answer): this {
    this.handlers.set(route, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  bodies(route: string): unknown[] {
    return this.sent.filter((each) => `${each.method} ${each.path}` === route).map((each) => each.body);
  }

  private async answer(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url, window.location.origin);
    const sent: Sent = {
      method: init.method ?? 'GET',
      path: pathname,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      csrf: new Headers(init.headers).get('X-Lab-CSRF'),
    };
    this.sent.push(sent);
    const handler = this.handlers.get(`${sent.method} ${pathname}`);
    const { status = 200, body } = handler
      ? await handler(sent)
      : problem(404, 'not_found', 'There is nothing at this address.');
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  }
}

export function problem(status: number, code: string, detail: string): Answer {
  return { status, body: { type: `urn:lab:problem:${code}`, title: code, status, code, detail } };
}

export const NOBODY: Me = {
  person: null,
  csrf: 'anonymous',
  lab: { name: 'Getting home well' },
  password_set: false,
  mail: true,
  pending_mentions: 0,
};

export function somebody(name: string, more: Partial<NonNullable<Me['person']>> = {}): Me {
  return {
    ...NOBODY,
    csrf: `csrf-of-${name}`,
    password_set: true,
    person: { id: name, name, colour: 'p2', email: `${name}@example.org`, role: 'participant', guest: false, ...more },
  };
}

export function openApp(address: string) {
  document.documentElement.lang = 'en-GB'; // as in index.html
  vi.stubGlobal('scrollTo', () => undefined);
  window.history.replaceState(null, '', address);
  return render(<App />);
}

/** Rules broken, in words. Colours need a real browser and are checked there. */
export async function accessibilityProblems(): Promise<string[]> {
  const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`);
}
