// Which tabs are alive: each holds a lock by its name, and the browser lets go of it when the tab dies, however it dies.

export interface Tabs {
  /** This tab's own name, held from now until `release`. */
  hold(tab: string): () => void;
  /** Runs `job` if that tab is dead, and keeps others from doing the same meanwhile. */
  ifDead(tab: string, job: () => Promise<void>): Promise<void>;
}

/**
 * Without the Web Locks API (pages on plain http) every other tab counts as dead. Its rows are then sent from here as
 * well, which is harmless: an update that arrives twice counts once.
 */
export function browserTabs(locks: LockManager | undefined = globalThis.navigator?.locks): Tabs {
  const name = (tab: string) => `lab-tab:${tab}`;
  return {
    hold(tab) {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      void locks?.request(name(tab), () => released);
      return release;
    },
    async ifDead(tab, job) {
      if (locks === undefined) return job();
      await locks.request(name(tab), { ifAvailable: true }, async (lock) => {
        if (lock !== null) await job();
      });
    },
  };
}

export function newTabName(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('');
}
