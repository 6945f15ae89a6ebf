// Builds the pages that are measured, apart from the product: into the folder named by LAB_BENCH_OUT.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const here = import.meta.dirname;
/** Peers are built only when they are asked for: what they need is installed apart (bench/peers/package.json). */
const pages = ['board.html', ...(process.env.LAB_BENCH_PEERS ? ['peers/excalidraw.html'] : [])].map((page) => resolve(here, page));

export default defineConfig({
  root: here,
  base: './',
  build: {
    outDir: process.env.LAB_BENCH_OUT ?? resolve(here, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: { input: pages.filter((page) => existsSync(page)) },
  },
});
