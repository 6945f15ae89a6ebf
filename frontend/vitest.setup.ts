// Before every test file: an IndexedDB in memory, and a page emptied after each test.
import 'fake-indexeddb/auto';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
});

// jsdom has no CSS.escape, which React Aria calls; ids in tests need no escaping.
globalThis.CSS ??= { escape: (text: string) => text } as unknown as typeof CSS;
