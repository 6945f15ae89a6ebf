// Builds the pages of this folder, apart from the product: into the folder named by LAB_BENCH_OUT.
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const here = import.meta.dirname;
/** `peers/excalidraw.html`, when it is asked for: what it needs is installed apart (bench/peers/package.json). */
const page = process.env.LAB_BENCH_PAGE ?? 'board.html';

export default defineConfig({
  root: here,
  base: './',
  build: {
    outDir: process.env.LAB_BENCH_OUT ?? resolve(here, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: { input: resolve(here, page) },
  },
});
