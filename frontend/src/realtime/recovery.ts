// Edits that will not be saved: they met another epoch, or were refused. Kept as a copy for the person to read, never merged.
import * as Y from 'yjs';
import { deleteCopy, openCopy } from './copy';
import { baseOf, type Disk, epochOf, type Place, type RecoveryRow } from './disk';
import type { Tabs } from './tabs';
import { defineRoots, plainText } from './text';
import type { RoomKind } from './types';

export function recoveryOf(doc: Y.Doc, place: Place, epoch: number, pending: number): RecoveryRow {
  return {
    base: baseOf(place),
    id: crypto.getRandomValues(new Uint32Array(3)).join('-'),
    room: place.room,
    epoch,
    at: Date.now(),
    text: plainText(doc),
    state: Y.encodeStateAsUpdate(doc),
    pending,
  };
}

/**
 * Makes recovery copies of what dead tabs left under an epoch that is over, then lets the epoch's local copy go,
 * unless a living tab still has edits there: that one will do the same for itself.
 */
export async function rescue(
  disk: Disk,
  place: Place,
  scope: string,
  tabs: Tabs,
  kind: RoomKind,
): Promise<RecoveryRow[]> {
  const rescued: RecoveryRow[] = [];
  for (const tab of new Set((await disk.edits(scope)).map((row) => row.tab))) {
    await tabs.ifDead(tab, async () => {
      const rows = (await disk.edits(scope)).filter((row) => row.tab === tab);
      if (rows.length === 0) return;
      const doc = new Y.Doc();
      defineRoots(doc, kind);
      const copy = openCopy(scope, doc);
      await copy.loaded;
      for (const row of rows) Y.applyUpdate(doc, row.update);
      const recovery = recoveryOf(doc, place, epochOf(scope), rows.length);
      await copy.close();
      doc.destroy();
      await disk.rescued(scope, tab, recovery);
      rescued.push(recovery);
    });
  }
  if ((await disk.edits(scope)).length === 0) await deleteCopy(scope);
  return rescued;
}
