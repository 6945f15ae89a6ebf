// What this device keeps of rooms, in IndexedDB: unsent edits, which epoch a local copy belongs to, recovery copies.
import type { Access, Refused } from './types';

const DATABASE = 'lab-outbox';
const EDITS = 'edits';
const ROOMS = 'rooms';
const RECOVERY = 'recovery';

/** Where and whose: nothing of one person is ever read for another, nor of one server for another. */
export interface Place {
  readonly origin: string;
  readonly person: string;
  readonly room: string;
}

/** One local update on its way to the server. */
export interface EditRow {
  readonly scope: string;
  /** The tab that made it: rows of different tabs never meet. */
  readonly tab: string;
  readonly n: number;
  readonly update: Uint8Array;
}

/** A room whose whole content is on this device, so that it can be opened without a network. */
export interface RoomRow {
  readonly base: string;
  readonly epoch: number;
  readonly schema: number | null;
  /** What the person could do here when last connected. */
  readonly access: Access;
}

export interface RecoveryRow {
  readonly base: string;
  readonly id: string;
  readonly room: string;
  readonly epoch: number;
  readonly at: number;
  readonly text: string;
  readonly state: Uint8Array;
  readonly pending: number;
  /** Rows of earlier days have none. */
  readonly refused?: Refused | null;
}

export function baseOf({ origin, person, room }: Place): string {
  return `${personPrefix(origin, person)}${encodeURIComponent(room)}|`;
}

export function scopeOf(place: Place, epoch: number): string {
  return `${baseOf(place)}${epoch}`;
}

export function epochOf(scope: string): number {
  return Number(scope.slice(scope.lastIndexOf('|') + 1));
}

export function personPrefix(origin: string, person: string): string {
  return `${encodeURIComponent(origin)}|${encodeURIComponent(person)}|`;
}

export class Disk {
  private constructor(private readonly database: IDBDatabase) {
    // Another tab wants to upgrade or delete: let it. Our later writes fail, and are then not claimed as kept.
    database.onversionchange = () => database.close();
  }

  /** Rejects where the browser keeps nothing (some private windows). */
  static async open(factory: IDBFactory = indexedDB): Promise<Disk> {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(EDITS, { keyPath: ['scope', 'tab', 'n'] });
      request.result.createObjectStore(ROOMS, { keyPath: 'base' });
      request.result.createObjectStore(RECOVERY, { keyPath: ['base', 'id'] });
    };
    return new Disk(await answer(request));
  }

  close(): void {
    this.database.close();
  }

  /** In one transaction: these rows are kept, and this tab's rows up to `settled`, and those `withdrawn`, are not any more. */
  async keep(rows: readonly EditRow[], scope: string, tab: string, settled: number, withdrawn: readonly number[] = []): Promise<void> {
    await this.#write([EDITS], (store) => {
      for (const row of rows) store(EDITS).put(row);
      if (settled > 0) store(EDITS).delete(IDBKeyRange.bound([scope, tab, 0], [scope, tab, settled]));
      for (const n of withdrawn) store(EDITS).delete([scope, tab, n]);
    });
  }

  async edits(scope: string): Promise<EditRow[]> {
    return this.#read(EDITS, (store) => store.getAll(IDBKeyRange.bound([scope], [scope, []])));
  }

  /** Scopes of this room that still hold unsent edits, whatever their epoch. */
  async scopesWithEdits(base: string): Promise<string[]> {
    const keys = await this.#read(EDITS, (store) => store.getAllKeys(startingWith([base])));
    return [...new Set(keys.map((key) => (key as [string, string, number])[0]))];
  }

  /** A dead tab's rows, once another tab has written them as its own. */
  async forgetTab(scope: string, tab: string): Promise<void> {
    await this.#write([EDITS], (store) => store(EDITS).delete(IDBKeyRange.bound([scope, tab], [scope, tab, []])));
  }

  async room(base: string): Promise<RoomRow | undefined> {
    return this.#read(ROOMS, (store) => store.get(base));
  }

  /** Scopes of the copies that this device is known to hold under a prefix. */
  async scopesWithCopies(prefix: string): Promise<string[]> {
    const rows = await this.#read<RoomRow[]>(ROOMS, (store) =>
      store.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`)),
    );
    return rows.map((row) => `${row.base}${row.epoch}`);
  }

  async putRoom(row: RoomRow): Promise<void> {
    await this.#write([ROOMS], (store) => store(ROOMS).put(row));
  }

  async recoveries(base: string): Promise<RecoveryRow[]> {
    return this.#read(RECOVERY, (store) => store.getAll(IDBKeyRange.bound([base], [base, []])));
  }

  async putRecovery(row: RecoveryRow): Promise<void> {
    await this.#write([RECOVERY], (store) => store(RECOVERY).put(row));
  }

  /** The copy of this room is not to be opened without a network: it is about to be begun anew. */
  async forgetRoom(base: string): Promise<void> {
    await this.#write([ROOMS], (store) => store(ROOMS).delete(base));
  }

  async discardRecovery(base: string, id: string): Promise<void> {
    await this.#write([RECOVERY], (store) => store(RECOVERY).delete([base, id]));
  }

  /** A tab is done with an epoch: its unsent edits live on as this recovery copy (if there were any), or not at all. */
  async endEpoch(base: string, scope: string, tab: string, recovery: RecoveryRow | null): Promise<void> {
    await this.#write([EDITS, ROOMS, RECOVERY], (store) => {
      if (recovery !== null) store(RECOVERY).put(recovery);
      store(EDITS).delete(IDBKeyRange.bound([scope, tab], [scope, tab, []]));
      store(ROOMS).delete(base);
    });
  }

  /** The same on behalf of a tab that died before it noticed. */
  async rescued(scope: string, tab: string, recovery: RecoveryRow): Promise<void> {
    await this.#write([EDITS, RECOVERY], (store) => {
      store(RECOVERY).put(recovery);
      store(EDITS).delete(IDBKeyRange.bound([scope, tab], [scope, tab, []]));
    });
  }

  /** Nothing of this room, or of this person on this server, is left. `prefix`: a `baseOf` or `personPrefix`. */
  async wipe(prefix: string): Promise<void> {
    await this.#write([EDITS, ROOMS, RECOVERY], (store) => {
      store(EDITS).delete(startingWith([prefix]));
      store(RECOVERY).delete(startingWith([prefix]));
      store(ROOMS).delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`));
    });
  }

  /** How many unsent edits this device holds under the prefix. */
  async unsent(prefix: string): Promise<number> {
    return this.#read(EDITS, (store) => store.count(startingWith([prefix])));
  }

  async #read<T>(name: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return answer(ask(this.database.transaction(name, 'readonly').objectStore(name)));
  }

  async #write(names: string[], act: (store: (name: string) => IDBObjectStore) => void): Promise<void> {
    const transaction = this.database.transaction(names, 'readwrite');
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the device kept nothing'));
    });
    try {
      act((name) => transaction.objectStore(name));
    } catch (error) {
      done.catch(() => undefined);
      transaction.abort();
      throw error;
    }
    await done;
  }
}

/** Keys whose first part begins with the prefix. */
function startingWith([prefix]: [string]): IDBKeyRange {
  return IDBKeyRange.bound([prefix], [`${prefix}\uffff`]);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the device did not answer'));
  });
}
