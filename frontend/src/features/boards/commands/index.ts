// The whole list, in the order keys are looked up: of two commands with one key the first that applies has it.
import { ARRANGE } from './arrange';
import { CLIPBOARD } from './clipboard';
import { CONNECT } from './connect';
import { GEOMETRY } from './geometry';
import { GO } from './go';
import { LOOK } from './look';
import { SIZE } from './size';
import { BOARD, LOCK, TALK } from './talk';
import type { Command, Context } from './types';
import { WRITE } from './write';

export const COMMANDS: readonly Command[] = [...GO, ...CONNECT, ...WRITE, ...CLIPBOARD, ...ARRANGE, ...GEOMETRY, ...SIZE, ...LOOK, ...TALK, ...LOCK, ...BOARD];

const BY_ID = new Map(COMMANDS.map((command) => [command.id, command]));

export function commandOf(id: string): Command {
  const command = BY_ID.get(id);
  if (!command) throw new Error(`There is no command ${id}.`);
  return command;
}

/** From a menu or a button. Says why when it cannot be done. */
export function run(id: string, context: Context): void {
  const command = commandOf(id);
  const why = command.why(context);
  if (why === null) command.run(context);
  else if (why !== '') context.view.say(why);
}

export { isMac, createKeymap, press, shown, type Keymap, type Where } from './keys';
export { clusterBy, type ClusterBy } from './geometry';
export { moveTo } from './moving';
export { duplicate, removeNow } from './write';
export { connect } from './connecting';
export type { Asking, Command, Context, Group, Question } from './types';
