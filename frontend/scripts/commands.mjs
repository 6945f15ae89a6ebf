// Prints every command of the boards as JSON: what docs/accessibility.md is checked against.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const list = resolve(import.meta.dirname, '../src/features/boards/commands/index.ts');
const { module } = await runnerImport(list, { configFile: false, logLevel: 'error' });
const plain = ({ id, label, group, keys, quiet = false, typing = null }) => ({ id, label, group, keys, quiet, typing });
process.stdout.write(`${JSON.stringify(module.COMMANDS.map(plain), null, 1)}\n`);
