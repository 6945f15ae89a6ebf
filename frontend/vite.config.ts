import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = process.env.LAB_DEV_SERVER ?? 'http://127.0.0.1:8000';

/**
 * React Aria carries its few sentences in 34 languages and picks one while running. The lab speaks English,
 * so every language resolves to that one file: about 30 KB less to fetch.
 */
function oneLanguage(): Plugin {
  const other = /intl\/([\w-]+)\/[a-z]{2}-[A-Z]{2}\.mjs$/;
  return {
    name: 'lab:one-language',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!importer || !/react-(aria|stately)/.test(importer) || !other.test(source)) return null;
      return resolve(importer.replace(/[^/\\]+$/, ''), source.replace(/[a-z]{2}-[A-Z]{2}\.mjs$/, 'en-US.mjs'));
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), oneLanguage()],
  // The server puts a fresh nonce in place of this word in every page it sends.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: resolve(import.meta.dirname, '../lab/static'),
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // An asset written into a stylesheet as data: would need a wider content policy.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: server, changeOrigin: false },
      '/ws': { target: server, ws: true, changeOrigin: false },
    },
  },
});
