// What a room needs of its surroundings; tests bring their own.
import type { OpenSocket, Socket } from './connection';
import { Disk } from './disk';
import { browserTabs, type Tabs } from './tabs';

export interface Ports {
  /** Where the lab is, as in the address bar. */
  readonly origin: string;
  readonly openSocket: OpenSocket;
  readonly openDisk: () => Promise<Disk>;
  readonly tabs: Tabs;
  readonly random: () => number;
}

export function browserPorts(): Ports {
  return {
    origin: window.location.origin,
    openSocket: (url, protocols) => new WebSocket(url, protocols) as unknown as Socket,
    openDisk: () => Disk.open(),
    tabs: browserTabs(),
    random: Math.random,
  };
}
