// One socket at a time, kept alive: opens, notices silence, waits, tries again, and knows when to stop. Knows frames, not documents.
import { warn } from '../lib/warn';
import { retryDelay } from './backoff';
import { CLOSE, isFinal } from './closecodes';
import { decodeFrame, encodeFrame, type Frame, SUBPROTOCOL } from './protocol';
import type { Phase } from './types';

/** The part of a WebSocket that is used here. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type OpenSocket = (url: string, protocols: string[]) => Socket;

export interface ConnectionEvents {
  phase(phase: Phase): void;
  /** The socket is open: nothing has been said yet. */
  opened(): void;
  /** Throwing means that the bytes made no sense here: the socket is dropped and opened again. */
  frame(frame: Frame): void;
  /** The socket is gone, and another will follow. `code` is 0 when we gave it up ourselves. */
  lost(code: number, reason: string): void;
  /** A 44xx: no other will follow. */
  stopped(code: number, reason: string): void;
  /** Nothing has been sent for a while: say something. */
  idle(): void;
}

export const IDLE = 9_000;
export const DEAD = 25_000;
const CONNECT = 10_000;
const PROBE = 5_000;
const TICK = 1_000;
const OPEN = 1;
/** A server that says "later" is given more time than one that vanished. */
const LATER_ATTEMPT = 2;

export class Connection {
  #phase: Phase = 'connecting';
  #socket: Socket | null = null;
  #attempt = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #lastSent = 0;
  #deadline = 0;
  #listening: AbortController | null = null;

  constructor(
    private readonly url: () => string,
    private readonly open: OpenSocket,
    private readonly events: ConnectionEvents,
    private readonly random: () => number = Math.random,
  ) {}

  get phase(): Phase {
    return this.#phase;
  }

  get isOpen(): boolean {
    return this.#phase === 'open' && this.#socket?.readyState === OPEN;
  }

  start(): void {
    if (this.#socket !== null || this.#listening !== null) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener('online', () => this.#stir(), { signal });
    window.addEventListener('offline', () => this.#probe(), { signal });
    window.addEventListener('pageshow', () => this.#stir(), { signal });
    document.addEventListener('visibilitychange', () => !document.hidden && this.#stir(), { signal });
    this.#connect();
  }

  /** Now, not later: also after a stop. */
  retry(): void {
    this.#attempt = 0;
    if (this.#listening === null) this.start();
    else if (this.#phase === 'waiting') this.#connect();
  }

  /** The connection has done useful work: the next trouble starts with short waits again. */
  settled(): void {
    this.#attempt = 0;
  }

  /** Give this socket up and open another, after a wait. */
  drop(code = 0, reason = ''): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#detach(socket);
    socket.close();
    this.events.lost(code, reason);
    this.#wait();
  }

  close(): void {
    const socket = this.#socket;
    this.#end();
    if (socket === null) return;
    this.#detach(socket);
    socket.close(1000);
  }

  /** False when there is no open socket: the frame is then nobody's. */
  send(frame: Frame): boolean {
    if (!this.isOpen || this.#socket === null) return false;
    this.#lastSent = performance.now();
    this.#socket.send(encodeFrame(frame));
    return true;
  }

  #connect(): void {
    clearTimeout(this.#waiting);
    this.#become('connecting');
    const socket = this.open(this.url(), [SUBPROTOCOL]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#lastSent = performance.now();
    this.#deadline = this.#lastSent + CONNECT;
    this.#ticking ??= setInterval(() => this.#tick(), TICK);
    socket.onopen = () => {
      this.#heard();
      this.#become('open');
      this.events.opened();
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#closed(socket, code, reason);
    socket.onerror = null;
  }

  #receive(data: unknown): void {
    this.#heard();
    let frame: Frame;
    try {
      if (!(data instanceof ArrayBuffer)) throw new TypeError('a text message');
      frame = decodeFrame(new Uint8Array(data));
      this.events.frame(frame);
    } catch (error) {
      warn('The server sent something that cannot be understood; connecting again.', error);
      this.drop(0, 'not_understood');
      return;
    }
    // Timers of a hidden page may come once a minute, messages still arrive: use them to keep our side alive.
    this.#speakIfIdle();
  }

  #closed(socket: Socket, code: number, reason: string): void {
    this.#detach(socket);
    if (isFinal(code)) {
      this.#end();
      this.#become('stopped');
      this.events.stopped(code, reason);
      return;
    }
    if (code === CLOSE.TRY_LATER) this.#attempt = Math.max(this.#attempt, LATER_ATTEMPT);
    this.events.lost(code, reason);
    this.#wait();
  }

  #wait(): void {
    if (this.#listening === null) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#connect(), retryDelay(this.#attempt++, this.random()));
    this.#become('waiting');
  }

  /** The network, or the person, is back: no reason to sit out a long wait. A little jitter, as a whole room may return at once. */
  #stir(): void {
    if (this.#phase === 'open') this.#probe();
    if (this.#phase !== 'waiting') return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#connect(), this.random() * 500);
  }

  /** Is the other end still there? The server echoes our presence, so silence for a few seconds is an answer. */
  #probe(): void {
    if (!this.isOpen) return;
    this.events.idle();
    this.#deadline = Math.min(this.#deadline, performance.now() + PROBE);
  }

  #tick(): void {
    if (this.#socket === null) return;
    if (performance.now() >= this.#deadline) this.drop(0, 'silence');
    else this.#speakIfIdle();
  }

  #speakIfIdle(): void {
    if (this.isOpen && performance.now() - this.#lastSent >= IDLE) this.events.idle();
  }

  #heard(): void {
    this.#deadline = performance.now() + DEAD;
  }

  #become(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.events.phase(phase);
  }

  #detach(socket: Socket): void {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => undefined;
    if (this.#socket === socket) this.#socket = null;
  }

  #end(): void {
    clearTimeout(this.#waiting);
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#listening?.abort();
    this.#listening = null;
  }
}
