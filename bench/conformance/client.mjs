/**
 * A client in JavaScript (yjs), written from docs/protocol.md alone; the W-numbers are its rules.
 *
 *     node bench/conformance/client.mjs --url http://127.0.0.1:8000 --token … --room statement/<id> --add "Words"
 *
 * Joins, adds each `--add` as a paragraph, waits until all of it is durable, and prints what it then holds as JSON.
 *
 * With `--watch` it stays, says {"ready":true}, and answers lines on standard input: {"wait":"<sha256 of the last
 * block's words>","length":<its UTF-16 units>,"within":<seconds>} with what it holds as soon as it holds that, or in the end.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const WebSocket = require('ws');
const Y = require('yjs');

const SYNC = 0, AWARENESS = 1, MARK = 100, SAVED = 101, EVENT = 102;
const STEP1 = 0, STEP2 = 1, UPDATE = 2;
const PRESENCE_MS = 10_000;
const WITHIN_MS = 60_000;

class Client {
  doc = new Y.Doc();
  statement = this.doc.getXmlFragment('statement');
  joined = null;
  marks = 0;
  saved = 0;
  #synced = false;
  #clock = 0;
  #waiting = new Set();
  #failure = null;

  constructor({ url, token, room }) {
    const address = new URL(`/ws/${room}`, url.replace(/^http/, 'ws'));
    if (!room.startsWith('scratch/')) address.searchParams.set('schema', '1'); // W4
    const headers = { Authorization: `Bearer ${token}` };
    this.socket = new WebSocket(address, ['lab.v1'], { headers, perMessageDeflate: false, maxPayload: 0 });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('open', () => this.#send(SYNC, STEP1, Y.encodeStateVector(this.doc)));
    this.socket.on('open', () => this.#announce());
    this.socket.on('message', (bytes, binary) => this.#take(bytes, binary));
    this.socket.on('close', (code, reason) => this.#fail(new Error(`closed ${code} ${reason}`.trim())));
    this.socket.on('error', (error) => this.#fail(error));
    this.doc.on('update', (update, origin) => {
      if (origin !== this) this.#give(update);
    });
  }

  ready() {
    return this.until(() => this.#synced && this.joined !== null);
  }

  untilSaved() {
    return this.until(() => this.saved >= this.marks);
  }

  /** Looks again whenever something has arrived. */
  until(isTrue, within = WITHIN_MS) {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#failure !== null) return done(() => reject(this.#failure));
        if (isTrue()) done(resolve);
      };
      const timer = setTimeout(() => done(() => reject(new Error('it took too long'))), within);
      const done = (settle) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      this.#waiting.add(look);
      look();
    });
  }

  holds() {
    return {
      language: 'javascript',
      epoch: this.joined?.epoch ?? null,
      access: this.joined?.access ?? null,
      marks: this.marks,
      saved: this.saved,
      text: lastText(this.statement),
      digest: digest(this.statement),
    };
  }

  close() {
    clearInterval(this.presence);
    this.socket.removeAllListeners('close');
    this.socket.close();
  }

  #give(update) {
    this.#send(SYNC, UPDATE, update);
    this.#mark();
  }

  #mark() {
    this.marks += 1; // W17
    this.socket.send(Buffer.concat([varuint(MARK), varuint(this.marks)]));
  }

  #send(kind, step, payload) {
    this.socket.send(Buffer.concat([varuint(kind), varuint(step), sized(payload)]));
  }

  /** Presence (W14, W15), renewed so that neither end takes silence for death. */
  #announce() {
    const say = () => {
      this.#clock += 1;
      const entry = Buffer.concat([varuint(1), varuint(this.doc.clientID), varuint(this.#clock), sized(Buffer.from('{}'))]);
      this.socket.send(Buffer.concat([varuint(AWARENESS), sized(entry)]));
    };
    say();
    this.presence = setInterval(say, PRESENCE_MS);
  }

  #take(bytes, binary) {
    try {
      if (!binary) throw new Error('a text message is no frame');
      this.#frame(bytes);
    } catch (error) {
      this.#fail(error);
    }
    for (const look of [...this.#waiting]) look();
  }

  #frame(bytes) {
    let [kind, at] = readVaruint(bytes, 0);
    switch (kind) {
      case SYNC: {
        let step;
        [step, at] = readVaruint(bytes, at);
        const payload = readSized(bytes, at);
        if (step === STEP1) {
          // Everything the server lacks, deletions included, and a mark to know when it is durable (W9, W17).
          this.#send(SYNC, STEP2, Y.encodeStateAsUpdate(this.doc, payload));
          this.#mark();
        } else {
          Y.applyUpdate(this.doc, payload, this);
          if (step === STEP2) this.#synced = true;
        }
        return;
      }
      case SAVED:
        [this.saved] = readVaruint(bytes, at);
        return;
      case EVENT: {
        const event = JSON.parse(readSized(bytes, at).toString('utf-8'));
        if (event.type === 'joined') this.joined = event;
        if (event.type === 'refused') throw new Error(`refused ${event.reason}: ${event.message}`);
        return;
      }
      case AWARENESS:
      case 3:
        return; // Who else is here does not change the text.
      default:
        throw new Error(`no frame type ${kind} (W6)`);
    }
  }

  #fail(error) {
    this.#failure ??= error;
    clearInterval(this.presence);
    for (const look of [...this.#waiting]) look();
  }
}

function varuint(number) {
  const out = [];
  while (number > 0x7f) {
    out.push(0x80 | (number % 128));
    number = Math.floor(number / 128);
  }
  out.push(number);
  return Buffer.from(out);
}

function sized(payload) {
  return Buffer.concat([varuint(payload.length), payload]);
}

function readVaruint(bytes, at) {
  let number = 0;
  for (let factor = 1, size = 1; size <= 8; factor *= 128, size++) {
    if (at >= bytes.length) throw new Error('a frame is cut off (W6)');
    const byte = bytes[at++];
    number += (byte & 0x7f) * factor;
    if (byte < 0x80) return [number, at];
  }
  throw new Error('a number of more than eight bytes (W6)');
}

function readSized(bytes, at) {
  const [size, start] = readVaruint(bytes, at);
  if (start + size !== bytes.length) throw new Error('a frame is exactly its bytes (W6)');
  return bytes.subarray(start);
}

function addParagraph(statement, words) {
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  statement.insert(statement.length, [paragraph]);
}

/** The words of the last block. */
function lastText(statement) {
  return statement.length === 0 ? '' : words(statement.get(statement.length - 1));
}

function words(node) {
  if (node instanceof Y.XmlText) {
    return node.toDelta().map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
  }
  return node.toArray().map(words).join('');
}

/** The same for the same content in any language: SHA-256 of the tree as JSON with sorted keys. */
function digest(statement) {
  return sha256(JSON.stringify(statement.toArray().map(tree)));
}

function tree(node) {
  if (node instanceof Y.XmlText) return node.toDelta().map(({ insert, attributes }) => [insert, sorted(attributes ?? {})]);
  return [node.nodeName, sorted(node.getAttributes()), node.toArray().map(tree)];
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

function sha256(text) {
  return createHash('sha256').update(text, 'utf-8').digest('hex');
}

function lastLength(statement) {
  if (statement.length === 0) return 0;
  return statement.get(statement.length - 1).toArray().reduce((sum, child) => sum + (child.length ?? 0), 0);
}

async function watch(client) {
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { wait, length, within } = JSON.parse(line);
    const holdsIt = () => lastLength(client.statement) === length && sha256(lastText(client.statement)) === wait;
    try {
      await client.until(holdsIt, within * 1_000);
    } catch (error) {
      console.error(String(error));
    }
    console.log(JSON.stringify(client.holds()));
  }
}

const { values: asked } = parseArgs({
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    room: { type: 'string' },
    add: { type: 'string', multiple: true, default: [] },
    watch: { type: 'boolean', default: false },
  },
});
if (!asked.url || !asked.token || !asked.room) {
  console.error('usage: client.mjs --url http://… --token … --room statement/<id> [--add WORDS]… [--watch]');
  process.exit(2);
}
const client = new Client(asked);
try {
  await client.ready();
  if (asked.watch) {
    await watch(client);
  } else {
    for (const text of asked.add) addParagraph(client.statement, text);
    await client.untilSaved();
    console.log(JSON.stringify(client.holds()));
  }
  client.close();
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
  client.close();
}
