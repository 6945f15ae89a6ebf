/**
 * The standard y-websocket client (3.1 or later), unchanged, with a bearer token: joins, edits, idles, and must never reconnect.
 *
 *     node bench/conformance/stock_y_websocket.mjs --url http://127.0.0.1:8000 --token … --room statement/<id> [--idle 75]
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const WebSocket = require('ws');
const Y = require('yjs');
const { WebsocketProvider } = require('y-websocket');

const { values: asked } = parseArgs({
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    room: { type: 'string' },
    idle: { type: 'string', default: '75' },
  },
});
if (!asked.url || !asked.token || !asked.room) {
  console.error('usage: stock_y_websocket.mjs --url http://… --token … --room statement/<id> [--idle SECONDS]');
  process.exit(2);
}

/** Browsers cannot send headers; other clients say who they are in this one. */
class WebSocketWithToken extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { headers: { Authorization: `Bearer ${asked.token}` } });
  }
}

const complaints = [];
for (const name of ['error', 'warn']) console[name] = (...words) => complaints.push(words.map(String).join(' '));

function open() {
  const doc = new Y.Doc();
  const [kind, key] = asked.room.split('/');
  const provider = new WebsocketProvider(`${asked.url.replace(/^http/, 'ws')}/ws/${kind}`, key, doc, {
    WebSocketPolyfill: WebSocketWithToken,
    disableBc: true,
  });
  const seen = { connected: 0, closed: null };
  provider.on('status', ({ status }) => {
    if (status === 'connected') seen.connected += 1;
  });
  provider.on('closed', (closed) => {
    seen.closed = closed;
  });
  return { doc, provider, seen, statement: doc.getXmlFragment('statement') };
}

function within(milliseconds, what, subscribe) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: it took too long`)), milliseconds);
    subscribe(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const synced = (peer) =>
  within(20_000, 'joining', (done) => (peer.provider.synced ? done() : peer.provider.once('sync', done)));

const words = `Stock client, ${new Date().toISOString()}`;
const peer = open();
let outcome;
try {
  await synced(peer);
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  peer.statement.insert(peer.statement.length, [paragraph]);
  peer.provider.awareness.setLocalStateField('user', { name: 'Stock client' });

  const other = open();
  await synced(other);
  const holds = () => other.statement.toString().includes(words);
  await within(20_000, 'the edit reaching another client', (done) => {
    const look = () => holds() && done();
    other.doc.on('update', look);
    look();
  });
  const seesPresence = () => other.provider.awareness.getStates().has(peer.doc.clientID);
  await within(20_000, 'the presence reaching another client', (done) => {
    const look = () => seesPresence() && done();
    other.provider.awareness.on('change', look);
    look();
  });
  other.provider.destroy();
  await new Promise((resolve) => setTimeout(resolve, Number(asked.idle) * 1_000));
  outcome = {
    edited: true,
    present: peer.provider.awareness.getStates().size,
    idle: Number(asked.idle),
    reconnects: peer.seen.connected - 1,
    closed: peer.seen.closed,
    complaints,
  };
} catch (error) {
  outcome = { error: String(error), reconnects: peer.seen.connected - 1, closed: peer.seen.closed, complaints };
}
peer.provider.destroy();
console.log(JSON.stringify(outcome));
process.exit(outcome.error || outcome.reconnects !== 0 || complaints.length > 0 ? 1 : 0);
