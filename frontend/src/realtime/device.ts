// What this device keeps for a person, across rooms: counted before signing out, and forgotten by it.
import { deleteCopies } from './copy';
import { Disk, personPrefix } from './disk';

/** Edits of this person that only this device has: worth a warning before signing out. */
export async function unsentOnDevice(person: string, origin = window.location.origin): Promise<number> {
  return withDisk((disk) => disk.unsent(personPrefix(origin, person)), 0);
}

const FORGET = 'lab-forget';

/** After this nothing of the person's rooms is on this device; rooms still open in any tab stop writing to it. */
export async function forgetDevice(person: string, origin = window.location.origin): Promise<void> {
  const prefix = personPrefix(origin, person);
  const channel = new BroadcastChannel(FORGET);
  channel.postMessage(prefix);
  channel.close();
  await withDisk(async (disk) => {
    const scopes = await disk.scopesWithCopies(prefix);
    await disk.wipe(prefix);
    await deleteCopies(prefix, scopes);
    await disk.wipe(prefix); // A neighbour may have been in the middle of writing.
  }, undefined);
}

/** Tells when this person is forgotten on this device, in whichever tab. */
export function whenForgotten(prefix: string, act: () => void): () => void {
  const channel = new BroadcastChannel(FORGET);
  channel.onmessage = ({ data }) => {
    if (data === prefix) act();
  };
  return () => channel.close();
}

async function withDisk<T>(act: (disk: Disk) => Promise<T>, otherwise: T): Promise<T> {
  let disk: Disk;
  try {
    disk = await Disk.open();
  } catch {
    return otherwise; // A browser that keeps nothing has nothing to forget.
  }
  try {
    return await act(disk);
  } finally {
    disk.close();
  }
}
