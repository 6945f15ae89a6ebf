/**
 * People at a board, over the wire of docs/protocol.md, each with a socket and a document of their own.
 *
 *     node bench/boards/people.mjs     reads its orders as lines of JSON from standard input, answers likewise
 *
 * First `{"url", "tokens": [...], "notes": [{"id", "x", "y", "w", "h"}, ...]}`: all of them join. Then `{"do": "go"}` and
 * `{"do": "rest"}`; `{"do": "move", "note", "count", "every"}`: the last of them moves that note to the right, one unit a
 * time, and it is answered with when each place left here. All of them move their pointers ten times a second; of each
 * five one drags a note and one types three letters a second.
 *
 * What the others do reaches them, and they do not look at it: each has a computer of their own to do that with.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const WebSocket = require('ws');
const Y = require('yjs');

const SYNC = 0, AWARENESS = 1, MARK = 100, STEP1 = 0, STEP2 = 1, UPDATE = 2;
const TICK_MS = 100;
const LETTERS_EVERY = 3;
const ALIVE_MS = 10_000;
const MOST_LETTERS = 160;
const AGAIN_MS = 1_000;

const now = () => performance.timeOrigin + performance.now();
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);

let ending = false;
const sentAway = [];

class Person {
  #marks = 0;
  #clock = 0;
  #synced = false;
  #timer = null;
  #ticks = 0;

  constructor({ url, token, note, does }) {
    Object.assign(this, { url, token, note, does });
    this.at = { x: note.x, y: note.y };
    this.joined = this.#join();
    this.alive = setInterval(() => this.tell(), ALIVE_MS);
  }

  #join() {
    this.#synced = false;
    this.#marks = 0;
    this.doc = new Y.Doc();
    this.objects = this.doc.getMap('objects');
    this.doc.on('update', (update, origin) => {
      if (origin === 'theirs') return;
      this.socket.send(bytes(SYNC, UPDATE, sized(update)));
      this.socket.send(bytes(MARK, ++this.#marks));
    });
    this.socket = new WebSocket(this.url, ['lab.v1'], { headers: { Authorization: `Bearer ${this.token}` }, perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      this.socket.on('open', () => this.socket.send(bytes(SYNC, STEP1, sized(Y.encodeStateVector(this.doc)))));
      this.socket.on('message', (data) => !this.#synced && this.#take(data, resolve));
      this.socket.on('error', reject);
      this.socket.on('close', (code, why) => {
        if (ending) return;
        sentAway.push(`${code} ${why}`);
        if (code >= 4400) reject(new Error(`sent away: ${code} ${why}`));
        // As a browser does: who was too slow comes back.
        else setTimeout(() => { this.joined = this.#join(); }, AGAIN_MS).unref();
      });
    });
  }

  #take(data, resolve) {
    const [kind, at] = readVaruint(data, 0);
    if (kind !== SYNC) return;
    const [step, from] = readVaruint(data, at);
    const [length, start] = readVaruint(data, from);
    const payload = data.subarray(start, start + length);
    if (step === STEP1) {
      this.socket.send(bytes(SYNC, STEP2, sized(Y.encodeStateAsUpdate(this.doc, payload))));
      return;
    }
    Y.applyUpdate(this.doc, payload, 'theirs');
    if (step === STEP2) {
      this.#synced = true;
      this.tell();
      resolve();
    }
  }

  go() {
    setTimeout(() => { this.#timer ??= setInterval(() => this.#tick(), TICK_MS); }, Math.random() * TICK_MS);
  }

  rest() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.tell();
  }

  #tick() {
    if (!this.#synced) return;
    const turn = (this.#ticks += 1) / 12;
    const { note } = this;
    this.at = { x: Math.round(note.x + 220 * Math.cos(turn)), y: Math.round(note.y + 160 * Math.sin(1.3 * turn)) };
    if (this.does === 'drags') {
      // Hold and place, as the product's own page tells a drag: at once by presence, ten times a second in the document.
      this.objects.set(`${note.id}/place`, { x: this.at.x - 40, y: this.at.y - 40 });
      this.tell({ hold: { ids: [note.id], dx: 0, dy: 0, more: 0 }, selection: [note.id] });
    } else if (this.does === 'types') {
      if (this.#ticks % LETTERS_EVERY === 0) this.#type();
      this.tell({ editing: note.id, selection: [note.id] });
    } else this.tell();
  }

  #type() {
    const text = this.objects.get(`${this.note.id}/text`);
    if (text.length > MOST_LETTERS) text.delete(text.length - 1, 1);
    else text.insert(text.length, this.#ticks % 5 === 0 ? ' ' : 'abcdefghijklmnopqrstuvwxyz'[this.#ticks % 26]);
  }

  tell(more = {}) {
    if (!this.#synced) return;
    const { x, y } = this.note;
    const board = { cursor: this.at, view: { x: x - 500, y: y - 400, w: 1000, h: 800 }, selection: [], editing: null, hold: null, chat: null, follows: null, area: null, ...more };
    const state = new TextEncoder().encode(JSON.stringify({ board }));
    const entry = [...varuint(1), ...varuint(this.doc.clientID), ...varuint((this.#clock += 1)), ...sized(state)];
    this.socket.send(bytes(AWARENESS, sized(entry)));
  }

  /** [x, when it left here], of each. */
  async moves({ note, count, every }) {
    const { x, y } = this.objects.get(`${note}/place`);
    const sent = [];
    for (let at = 1; at <= count; at += 1) {
      sent.push([x + at, now()]);
      this.objects.set(`${note}/place`, { x: x + at, y });
      await new Promise((done) => setTimeout(done, every));
    }
    return sent;
  }

  end() {
    this.rest();
    clearInterval(this.alive);
    this.socket.close();
  }
}

function varuint(number) {
  const out = [];
  for (; number > 127; number = Math.floor(number / 128)) out.push(128 | (number % 128));
  out.push(number);
  return out;
}

function sized(payload) {
  return [...varuint(payload.length), ...payload];
}

function bytes(...parts) {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? varuint(part) : part)));
}

function readVaruint(data, at) {
  let number = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = data[at];
    at += 1;
    number += (byte & 127) * factor;
    if (byte < 128) return [number, at];
  }
}

let people = [];

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.tokens) {
    people = order.tokens.map((token, at) => new Person({ url: order.url, token, note: order.notes[at], does: ['drags', 'types'][at % 5] ?? 'looks' }));
    await Promise.all(people.map((person) => person.joined));
    say({ here: people.length });
  } else if (order.do === 'go' || order.do === 'rest') {
    // The last of them is here to be told what to move, and otherwise keeps still.
    for (const person of people.slice(0, -1)) person[order.do]();
    say({ done: order.do, sentAway });
  } else if (order.do === 'move') say({ sent: await people.at(-1).moves(order) });
  else if (order.do === 'end') break;
}
ending = true;
for (const person of people) person.end();
