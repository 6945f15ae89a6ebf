// What this device keeps for one room: whether it can be opened offline, copies set aside, and tidying up after dead tabs.
import { warn } from '../lib/warn';
import { deleteCopies, emptyCopy } from './copy';
import { whenForgotten } from './device';
import { baseOf, type Disk, epochOf, type Place, personPrefix, type RecoveryRow, type RoomRow } from './disk';
import type { Ports } from './ports';
import { rescue } from './recovery';
import type { Access, RecoveryCopy, RoomOptions } from './types';

const OPEN_DEADLINE = 3_000;

export class Keeping {
  readonly place: Place;
  /** Null on a shared device, and where the browser keeps nothing. */
  disk: Disk | null = null;
  recovery: readonly RecoveryCopy[] = [];
  readonly #base: string;
  readonly #releaseTab: () => void;
  readonly #unlisten: () => void;
  #noted = '';

  constructor(
    private readonly options: RoomOptions,
    private readonly ports: Ports,
    private readonly tab: string,
    private readonly changed: () => void,
    forgotten: () => void,
  ) {
    this.place = { origin: ports.origin, person: options.person.id, room: `${options.kind}/${options.key}` };
    this.#base = baseOf(this.place);
    this.#releaseTab = options.persist ? ports.tabs.hold(tab) : () => undefined;
    this.#unlisten = whenForgotten(personPrefix(ports.origin, options.person.id), () => {
      this.disk?.close();
      this.disk = null;
      forgotten();
    });
  }

  async open(): Promise<void> {
    if (!this.options.persist) return;
    try {
      const disk = await deadline(this.ports.openDisk(), OPEN_DEADLINE);
      this.recovery = (await disk.recoveries(this.#base)).map((row) => shown(row, true));
      this.disk = disk;
    } catch (error) {
      // Rooms work without it; nothing is then claimed to be kept on the device.
      warn('This browser keeps nothing for the lab.', error);
    }
    this.changed();
  }

  close(): void {
    this.#unlisten();
    this.#releaseTab();
    this.disk?.close();
  }

  /** The room as it was last open here, if this page can edit what it held. */
  async known(): Promise<RoomRow | null> {
    const row = await this.disk?.room(this.#base).catch(() => undefined);
    return row !== undefined && row.schema === this.options.schema ? row : null;
  }

  /** Remember that this room can be opened from this device. */
  note(epoch: number, access: Access): void {
    const note = `${epoch} ${access}`;
    if (this.disk === null || note === this.#noted) return;
    this.#noted = note;
    this.disk
      .putRoom({ base: this.#base, epoch, schema: this.options.schema, access })
      .catch((error: unknown) => warn('This room will not open without a network.', error));
  }

  /** Before it is written anywhere: the person sees it at once. */
  show(row: RecoveryRow): void {
    this.recovery = [...this.recovery, shown(row, false)];
  }

  /** Some of this tab's edits were refused: the copy, which has them, is emptied, to be filled with what the room holds. */
  async beginAnew(scope: string): Promise<void> {
    this.#noted = '';
    try {
      await this.disk?.forgetRoom(this.#base);
      if (this.disk !== null) await emptyCopy(scope);
    } catch (error) {
      warn("This device's copy still holds edits that were refused. They will be refused again.", error);
    }
  }

  /**
   * Says what was refused. If there are words in it they are kept first, so that nothing is claimed that is not so; of
   * two refusals that say the same and hold no words one is enough.
   */
  async tell(row: RecoveryRow): Promise<void> {
    const kept = row.text !== '' && (await this.#kept(row));
    const why = String(row.refused?.why);
    const alike = (other: RecoveryCopy) => row.text === '' && other.text === '' && String(other.refused?.why) === why;
    this.recovery = [...this.recovery.filter((other) => !alike(other)), shown(row, kept)];
    this.changed();
  }

  async #kept(row: RecoveryRow): Promise<boolean> {
    if (this.disk === null) return false;
    try {
      await deadline(this.disk.putRecovery(row), OPEN_DEADLINE);
      return true;
    } catch (error) {
      warn('The recovery copy is only on this page: the device did not keep it.', error);
      return false;
    }
  }

  /** This tab is done with an epoch. */
  async setAside(scope: string, row: RecoveryRow | null): Promise<void> {
    try {
      await this.disk?.endEpoch(this.#base, scope, this.tab, row);
    } catch (error) {
      warn('The recovery copy is only on this page: the device did not keep it.', error);
      return;
    }
    if (row === null || this.disk === null) return;
    this.recovery = this.recovery.map((copy) => (copy.id === row.id ? { ...copy, kept: true } : copy));
    this.changed();
  }

  async discard(id: string): Promise<void> {
    this.recovery = this.recovery.filter((copy) => copy.id !== id);
    this.changed();
    await this.disk
      ?.discardRecovery(this.#base, id)
      .catch((error: unknown) => warn('It is still on this device.', error));
  }

  /** Edits that dead tabs left under earlier epochs. */
  async rescueOlder(epoch: number): Promise<void> {
    const scopes = await this.disk?.scopesWithEdits(this.#base).catch(() => []);
    for (const scope of scopes ?? []) if (epochOf(scope) < epoch) await this.rescueScope(scope);
  }

  async rescueScope(scope: string): Promise<void> {
    if (this.disk === null) return;
    try {
      const rows = await rescue(this.disk, this.place, scope, this.ports.tabs, this.options.kind);
      this.recovery = [...this.recovery, ...rows.map((row) => shown(row, true))];
    } catch (error) {
      warn('Older edits on this device could not be read.', error);
    }
    this.changed();
  }

  /** Nothing of this room stays on this device. */
  async forget(scope: string | null): Promise<void> {
    this.recovery = this.recovery.map((copy) => ({ ...copy, kept: false }));
    this.#noted = '';
    try {
      await this.disk?.wipe(this.#base);
      if (this.disk !== null) await deleteCopies(this.#base, scope === null ? [] : [scope]);
    } catch (error) {
      warn('Something of this room is still on this device.', error);
    }
    this.changed();
  }
}

function shown({ base: _, refused = null, ...copy }: RecoveryRow, kept: boolean): RecoveryCopy {
  return { ...copy, refused, kept };
}

async function deadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
