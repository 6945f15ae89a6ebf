// The person's own edits until the server has called them durable: in memory at once, on this device a moment later.
import type { Disk, EditRow } from './disk';
import type { Tabs } from './tabs';

export interface PendingEdit {
  /** Counts this tab's edits in this room, from 1. */
  readonly n: number;
  readonly update: Uint8Array;
  /** `performance.now()` when it was made: immune to changes of the clock. */
  readonly at: number;
  /** Written on this device. */
  stored: boolean;
}

export class Outbox {
  #pending: PendingEdit[] = [];
  #last = 0;
  #settled = 0;
  #forgotten = 0;
  #withdrawn: number[] = [];
  #bound: { disk: Disk; scope: string } | null = null;
  #working: Promise<void> | null = null;
  #broken = false;

  constructor(
    private readonly tab: string,
    private readonly changed: () => void,
  ) {}

  get pending(): readonly PendingEdit[] {
    return this.#pending;
  }

  /** Everything up to this number has been settled. */
  get settled(): number {
    return this.#settled;
  }

  /** The number of the newest edit. */
  get last(): number {
    return this.#last;
  }

  /** True only when this device would still have every pending edit if the page died now. */
  get kept(): boolean {
    return this.#bound !== null && this.#pending.every((edit) => edit.stored);
  }

  /** Milliseconds since the oldest pending edit. */
  get oldest(): number {
    const [first] = this.#pending;
    return first === undefined ? 0 : performance.now() - first.at;
  }

  add(update: Uint8Array): void {
    this.#append(update);
    this.#broken = false;
    this.#work();
    this.changed();
  }

  /** Everything up to number `n` is durable on the server. */
  settle(n: number): void {
    if (n <= this.#settled) return;
    this.#settled = n;
    this.#pending = this.#pending.filter((edit) => edit.n > n);
    this.#work();
    this.changed();
  }

  /** These, wherever they stand, are not to be sent any more. */
  withdraw(edits: ReadonlySet<number>): void {
    this.#pending = this.#pending.filter((edit) => !edits.has(edit.n));
    this.#withdrawn.push(...edits);
    this.#work();
    this.changed();
  }

  /**
   * From now on edits are written under this scope. Edits of tabs that died are pending again here: `restore` gets
   * them in the same breath, before any later mark could claim them.
   */
  async bind(disk: Disk, scope: string, tabs: Tabs, restore: (updates: Uint8Array[]) => void): Promise<void> {
    this.#bound = { disk, scope };
    this.#work();
    const others = new Set((await disk.edits(scope)).map((row) => row.tab));
    others.delete(this.tab);
    for (const tab of others) {
      await tabs.ifDead(tab, async () => {
        // Read again: whoever held the lock before us may have taken them.
        const updates = (await disk.edits(scope)).filter((row) => row.tab === tab).map((row) => row.update);
        for (const update of updates) this.#append(update);
        restore(updates);
        this.#work();
        await this.idle();
        // Ours are written, so at no moment was the edit nobody's.
        if (!this.#broken && this.#bound?.scope === scope) await disk.forgetTab(scope, tab);
      });
    }
    this.changed();
  }

  /** Nothing more is written; what is written stays. */
  unbind(): void {
    this.#bound = null;
  }

  /** Resolves when the device has done what it was asked so far. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  #append(update: Uint8Array): void {
    this.#pending.push({ n: ++this.#last, update, at: performance.now(), stored: false });
  }

  #row({ n, update }: PendingEdit, scope: string): EditRow {
    return { scope, tab: this.tab, n, update };
  }

  /** One transaction at a time, each with everything that has gathered meanwhile. */
  #work(): void {
    if (this.#working !== null || this.#bound === null || this.#broken) return;
    const { disk, scope } = this.#bound;
    const writing = this.#pending.filter((edit) => !edit.stored);
    const settled = this.#settled;
    const withdrawn = this.#withdrawn.length;
    if (writing.length === 0 && settled === this.#forgotten && withdrawn === 0) return;
    this.#working = disk
      .keep(
        writing.map((edit) => this.#row(edit, scope)),
        scope,
        this.tab,
        settled,
        this.#withdrawn,
      )
      .then(
        () => {
          for (const edit of writing) edit.stored = true;
          this.#forgotten = settled;
          this.#withdrawn.splice(0, withdrawn);
          this.changed();
        },
        () => {
          // A full or forbidden device. The edits stay in memory and are never called kept; the next edit tries again.
          this.#broken = true;
          this.changed();
        },
      )
      .finally(() => {
        this.#working = null;
        this.#work();
      });
  }
}
