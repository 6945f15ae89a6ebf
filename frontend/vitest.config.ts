import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    // No test takes a second by itself; machines with other things to do are many times slower.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By itself it leaves one processor idle: of two, that is half.
    maxWorkers: '100%',
    restoreMocks: true,
    unstubGlobals: true,
  },
});
