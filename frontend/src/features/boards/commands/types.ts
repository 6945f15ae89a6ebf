// Commands: everything that can be done on a board, once. Keyboard, menus, toolbars, outline and the shortcuts sheet
// all read the same list, and docs/accessibility.md is checked against it.
import type { ObjectId } from '../model/types';
import type { BoardView } from '../view/types';

export type Group = 'Write' | 'Select' | 'Move' | 'Arrange' | 'Connect' | 'Look' | 'Talk' | 'Lock' | 'Board';

/** What needs a question first is asked by the panels. `ids`: what it is about. */
export type Question =
  | 'move-to' | 'connect-to' | 'colour' | 'tags' | 'cluster-by' | 'lock' | 'area' | 'remove' | 'alt' | 'source'
  | 'find' | 'comment' | 'react' | 'shortcuts' | 'history' | 'export' | 'legend' | 'settings' | 'duplicates' | 'paste'
  | 'removed' | 'menu' | 'chat' | 'picture' | 'details';

export interface Asking {
  readonly question: Question;
  readonly ids: readonly ObjectId[];
  /** For `paste`: what was pasted. */
  readonly payload?: unknown;
}

export interface Context {
  readonly view: BoardView;
  ask(asking: Asking): void;
}

export interface Command {
  /** Stable, for documentation and tests: "note.add". */
  readonly id: string;
  readonly label: string;
  readonly group: Group;
  /** As `KeyboardEvent.key` with modifiers: "N", "Shift+T", "Mod+D" (Mod: Ctrl, on a Mac Command). */
  readonly keys: readonly string[];
  /** Not in menus: movements of focus and the like. */
  readonly quiet?: boolean;
  /** Acts while a note's text is typed: only then, or then too. Otherwise keys belong to the text. */
  readonly typing?: 'only' | 'also';
  /** The browser's own event does it (copy, paste): its key is listed, never intercepted. */
  readonly native?: boolean;
  /** Null: it can be done now. Otherwise why not; an empty text: do not even offer it. */
  why(context: Context): string | null;
  run(context: Context): void;
}
