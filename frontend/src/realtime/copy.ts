// The document's copy on this device, so that a known room opens without a network. One per server, person, room and epoch.
import { warn } from '../lib/warn';
import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';

export interface LocalCopy {
  /** The copy is in the document. */
  readonly loaded: Promise<unknown>;
  /** Is this the origin of an update that came from the copy? */
  isOrigin(origin: unknown): boolean;
  close(): Promise<void>;
}

export function openCopy(scope: string, doc: Y.Doc): LocalCopy {
  const copy = new IndexeddbPersistence(nameOf(scope), doc);
  // Another tab may have deleted the copy under us (signed out, new epoch): then writing throws, inside the person's edit.
  const store = copy._storeUpdate;
  const guarded = (update: Uint8Array, origin: unknown) => {
    try {
      store(update, origin);
    } catch (error) {
      doc.off('update', guarded);
      warn("This device's copy of the document is closed.", error);
    }
  };
  doc.off('update', store);
  doc.on('update', guarded);
  return {
    loaded: copy.whenSynced,
    isOrigin: (origin) => origin === copy,
    async close() {
      doc.off('update', guarded);
      await copy.destroy();
    },
  };
}

/** Nothing is in the copy any more. Another tab that has it open goes on writing to it. */
export function emptyCopy(scope: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(nameOf(scope));
    let isNew = false;
    request.onupgradeneeded = () => {
      isNew = true;
      request.transaction?.abort();
    };
    request.onerror = () => (isNew ? resolve() : reject(request.error ?? new Error('the copy could not be opened')));
    request.onsuccess = () => {
      const database = request.result;
      const transaction = database.transaction(UPDATES, 'readwrite');
      transaction.objectStore(UPDATES).clear();
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the copy could not be emptied'));
      database.close(); // When the transaction is done.
    };
  });
}

/** The copies of these scopes are gone; one that another tab still holds goes when that tab lets go. */
export function deleteCopy(scope: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(nameOf(scope));
    request.onsuccess = request.onblocked = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('the copy could not be deleted'));
  });
}

/** Every copy under a prefix. Browsers that cannot list databases know only the epoch that was open last. */
export async function deleteCopies(prefix: string, known: readonly string[]): Promise<void> {
  const scopes = new Set(known);
  if (typeof indexedDB.databases === 'function') {
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith(nameOf(prefix))) scopes.add(name.slice(nameOf('').length));
    }
  }
  await Promise.all([...scopes].map(deleteCopy));
}

/** y-indexeddb's name for where it keeps them. */
const UPDATES = 'updates';

function nameOf(scope: string): string {
  return `lab-copy|${scope}`;
}
