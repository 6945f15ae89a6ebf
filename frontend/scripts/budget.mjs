/**
 * What the browser must fetch, gzipped, against what we promised: the first screen, what the editor adds to it, and
 * all that a board needs before it is seen (its input, outline and dialogs are fetched beside or after that).
 * Runs after every build and fails it when a promise is broken.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const STATIC = join(dirname(fileURLToPath(import.meta.url)), '../../lab/static');
const KB = 1024;
const FIRST_SCREEN = 190 * KB;
const EDITOR = 145 * KB;
const BOARD = 270 * KB;

const manifest = JSON.parse(readFileSync(join(STATIC, '.vite/manifest.json'), 'utf8'));

/** This chunk and everything it imports before it can run. */
function withImports(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) withImports(next, found);
  return found;
}

function weigh(keys) {
  return [...keys]
    .map((key) => manifest[key].file)
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(STATIC, file)), { level: 9 }).length }))
    .sort((a, b) => b.bytes - a.bytes);
}

function report(title, chunks, limit) {
  const total = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  console.log(`${title}: ${(total / KB).toFixed(1)} KB of ${limit / KB} KB (JavaScript, gzipped)`);
  for (const { file, bytes } of chunks) console.log(`  ${(bytes / KB).toFixed(1).padStart(6)}  ${file}`);
  return total <= limit;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = withImports('src/features/challenges/HomePage.tsx', withImports(entry));
// The room (Yjs, the socket) opens with the workspace, so it is not part of what the editor costs on top.
const workspace = withImports('src/app/Workspace.tsx');
const editor = withImports('src/features/statement/StatementPage.tsx');
for (const key of [...first, ...workspace]) editor.delete(key);
const board = withImports('src/app/BoardRoute.tsx', withImports(entry));

const kept = [
  report('First screen', weigh(first), FIRST_SCREEN),
  report('Editor, on demand', weigh(editor), EDITOR),
  report('Board, all that is needed to see it', weigh(board), BOARD),
];
if (!existsSync(join(STATIC, 'index.html'))) throw new Error('The build has no index.html.');
if (kept.includes(false)) {
  console.error('Over budget. What grew? Compare the list above with the one of the last commit.');
  process.exit(1);
}
