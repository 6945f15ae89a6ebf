// What this device keeps for a person, across rooms: counted before signing out, and forgotten by it.
import { deleteCopies } from "./copy";
import { baseOf, Disk, type Place, personPrefix } from "./disk";

/** Edits of this person that only this device has: worth a warning before signing out. */
export async function unsentOnDevice(person: string, origin = window.location.origin): Promise<number> {
  return withDisk((disk) => disk.unsent(personPrefix(origin, person)), 0);
}

/** After this nothing of the person's rooms is on this device. Close rooms first. */
export async function forgetDevice(person: string, origin = window.location.origin): Promise<void> {
  const prefix = personPrefix(origin, person);
  await withDisk(async (disk) => {
    const scopes = await disk.scopesWithCopies(prefix);
    await disk.wipe(prefix);
    await deleteCopies(prefix, scopes);
  }, undefined);
}

/** The same for one room: it is gone, or no longer for this person. */
export async function forgetRoom(disk: Disk, place: Place, scopes: readonly string[]): Promise<void> {
  const base = baseOf(place);
  await disk.wipe(base);
  await deleteCopies(base, scopes);
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
