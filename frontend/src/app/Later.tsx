/** A page that is fetched when it is first shown, or before. */
import { type ComponentType, useEffect, useState } from 'react';
import { PageLoading } from './PageLoading';

export interface Fetched<Module> {
  /** Null: not here yet. */
  readonly module: Module | null;
  fetch(): Promise<Module>;
}

export function fetched<Module>(open: () => Promise<Module>): Fetched<Module> {
  let asked: Promise<Module> | null = null;
  let module: Module | null = null;
  return {
    get module() {
      return module;
    },
    fetch() {
      asked ??= open().then(
        (found) => {
          module = found;
          return found;
        },
        (error: unknown) => {
          // Asked for again when it is wanted again.
          asked = null;
          throw error;
        },
      );
      return asked;
    },
  };
}

interface LaterProps<Props> {
  readonly of: Fetched<{ readonly default: ComponentType<Props> }>;
  readonly props: Props;
}

/**
 * As `lazy`, without Suspense: that shows nothing new for 0.3 seconds after it has once shown that something is on its
 * way, and a page that was asked for beforehand is there sooner. A page that cannot be had is thrown to whoever catches.
 */
export function Later<Props extends object>({ of, props }: LaterProps<Props>) {
  const [, setHere] = useState(of.module !== null);
  const [trouble, setTrouble] = useState<unknown>(null);
  useEffect(() => {
    if (of.module === null) of.fetch().then(() => setHere(true), setTrouble);
  }, [of]);
  if (trouble !== null) throw trouble;
  const Page = of.module?.default;
  return Page ? <Page {...props} /> : <PageLoading />;
}
