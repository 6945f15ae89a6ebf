// What remains of several edits when some of them are left out: what each one rests on, and what stands in the gaps.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** From one clock up to, and without, another. */
type Run = readonly [from: number, to: number];

/** Ids of items: runs of clocks, client by client. */
export class Ids {
  readonly #runs = new Map<number, Run[]>();

  add(client: number, from: number, to: number): void {
    const apart: Run[] = [];
    let [first, last] = [from, to];
    for (const run of this.of(client)) {
      if (run[1] < first || run[0] > last) apart.push(run);
      else [first, last] = [Math.min(first, run[0]), Math.max(last, run[1])];
    }
    this.#runs.set(client, [...apart, [first, last] as const].sort((a, b) => a[0] - b[0]));
  }

  /** Those of a client, in order; no two of them touch. */
  of(client: number): readonly Run[] {
    return this.#runs.get(client) ?? [];
  }

  clients(): Iterable<number> {
    return this.#runs.keys();
  }

  has({ client, clock }: Y.ID): boolean {
    return this.of(client).some(([from, to]) => from <= clock && clock < to);
  }

  covers(client: number, from: number, to: number): boolean {
    return from >= to || this.of(client).some((run) => run[0] <= from && to <= run[1]);
  }
}

/** The ids of what an update brings, and of what it deletes. */
export function idsOf(update: Uint8Array): { brought: Ids; deleted: Ids } {
  const { structs, ds } = Y.decodeUpdate(update);
  const [brought, deleted] = [new Ids(), new Ids()];
  for (const { id, length } of structs) brought.add(id.client, id.clock, id.clock + length);
  for (const [client, runs] of ds.clients) for (const { clock, len } of runs) deleted.add(client, clock, clock + len);
  return { brought, deleted };
}

/** Is all that it brings and deletes in this document already? */
export function isIn(doc: Y.Doc, update: Uint8Array): boolean {
  const { brought, deleted } = idsOf(update);
  const known = (client: number) => Y.getState(doc.store, client);
  for (const client of brought.clients()) if (brought.of(client).some(([, to]) => to > known(client))) return false;
  for (const client of deleted.clients()) {
    for (const [from, to] of deleted.of(client)) {
      if (to > known(client)) return false;
      for (let at = from; at < to; ) {
        const { id, length, deleted } = Y.getItem(doc.store, Y.createID(client, at));
        if (!deleted) return false;
        at = id.clock + length;
      }
    }
  }
  return true;
}

/** Without those, would something of it have no place; or would nothing of it be left? */
export function restsOn(update: Uint8Array, lost: Ids): boolean {
  const { structs, ds } = Y.decodeUpdate(update);
  const gone = (id: unknown) => id instanceof Y.ID && lost.has(id);
  if (structs.length > 0) {
    return structs.some((struct) => struct instanceof Y.Item && (gone(struct.origin) || gone(struct.rightOrigin) || gone(struct.parent)));
  }
  return [...ds.clients].every(([client, runs]) => runs.every(({ clock, len }) => lost.covers(client, clock, clock + len)));
}

/**
 * These edits as one update that can be added to the document. Where they build on what was left out, collected runs
 * (places of which nothing is kept) stand for it.
 */
export function filled(updates: readonly Uint8Array[], lost: Ids, doc: Y.Doc): Uint8Array {
  const there = new Ids();
  const needed = new Map<number, number>();
  for (const update of updates) {
    const { brought, deleted } = idsOf(update);
    for (const ids of [brought, deleted]) {
      for (const client of ids.clients()) needed.set(client, Math.max(needed.get(client) ?? 0, ids.of(client).at(-1)?.[1] ?? 0));
    }
    for (const client of brought.clients()) for (const [from, to] of brought.of(client)) there.add(client, from, to);
  }
  const fillers: Uint8Array[] = [];
  for (const [client, end] of needed) {
    let at = Y.getState(doc.store, client);
    for (const [from, to] of [...there.of(client), [end, end] as const]) {
      if (at < from && lost.covers(client, at, from)) fillers.push(collected(client, at, from));
      at = Math.max(at, to);
    }
  }
  const [only] = updates;
  return fillers.length === 0 && updates.length === 1 && only ? only : Y.mergeUpdates([...fillers, ...updates]);
}

/** An update with one collected run and nothing else. */
function collected(client: number, from: number, to: number): Uint8Array {
  const out = encoding.createEncoder();
  for (const number of [1, 1, client, from]) encoding.writeVarUint(out, number);
  encoding.writeUint8(out, COLLECTED);
  encoding.writeVarUint(out, to - from);
  encoding.writeVarUint(out, 0);
  return encoding.toUint8Array(out);
}

const COLLECTED = 0;
