/** The `/` menu's state machine, as an editor plugin: when it is open, what has been typed, which choice is lit. */
import { type Editor, Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { type BlockChoice, matching } from './blocks';

export interface SlashState {
  /** Where the `/` stands; null: the menu is closed. */
  readonly from: number | null;
  readonly query: string;
  readonly index: number;
  /** A `/` the person has said no to with Escape: the menu stays away from it. */
  readonly refused: number | null;
}

const CLOSED: SlashState = { from: null, query: '', index: 0, refused: null };
const KEY = new PluginKey<SlashState>('slash');

export const SLASH_LIST = 'statement-slash-menu';
export const optionId = (choice: BlockChoice) => `${SLASH_LIST}-${choice.id}`;

export function slashState(editor: Editor): SlashState {
  return KEY.getState(editor.state) ?? CLOSED;
}

/** Takes the typed `/query` away and does what was chosen, as one step to undo. */
export function choose(editor: Editor, choice: BlockChoice): void {
  const { from } = slashState(editor);
  if (from === null) return;
  editor.chain().focus().deleteRange({ from, to: editor.state.selection.from }).run();
  choice.apply(editor);
}

export const Slash = Extension.create({
  name: 'slash',
  priority: 1000,
  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin<SlashState>({
        key: KEY,
        state: {
          init: () => CLOSED,
          apply(transaction, before, _old, state) {
            const asked = transaction.getMeta(KEY) as Partial<SlashState> | undefined;
            const found = typed(state);
            if (found === null || transaction.getMeta('blur')) return CLOSED;
            // What others write replaces the document as far as positions go; the caret is put back where it was.
            const refused = before.refused === null ? null : byOthers(transaction) ? found.from : transaction.mapping.map(before.refused);
            if (before.from === null && !byTyping(transaction)) return { ...CLOSED, refused };
            const next = { ...found, refused, index: found.query === before.query ? before.index : 0, ...asked };
            return next.refused === found.from ? { ...CLOSED, refused: next.refused } : next;
          },
        },
        props: {
          handleKeyDown(view, event) {
            const { from, query, index } = KEY.getState(view.state) ?? CLOSED;
            if (from === null || event.isComposing) return false;
            const choices = matching(query);
            const light = (to: number) => {
              view.dispatch(view.state.tr.setMeta(KEY, { index: (to + choices.length) % choices.length }));
              return true;
            };
            switch (event.key) {
              case 'ArrowDown':
                return choices.length > 0 && light(index + 1);
              case 'ArrowUp':
                return choices.length > 0 && light(index - 1);
              case 'Escape':
                view.dispatch(view.state.tr.setMeta(KEY, { refused: from }));
                return true;
              case 'Enter':
              case 'Tab': {
                const choice = choices[index];
                if (!choice) return false;
                choose(editor, choice);
                return true;
              }
              default:
                return false;
            }
          },
          /** The text box points at the lit choice, so that a screen reader speaks it while focus stays in the text. */
          attributes(state): Record<string, string> {
            const { from, query, index } = KEY.getState(state) ?? CLOSED;
            const lit = from === null ? undefined : matching(query)[index];
            return lit ? { 'aria-controls': SLASH_LIST, 'aria-activedescendant': optionId(lit) } : {};
          },
        },
      }),
    ];
  },
});

function byOthers(transaction: Transaction): boolean {
  return transaction.getMeta(ySyncPluginKey) !== undefined;
}

/** Not when others write, not by undo, paste or a drop: Enter would then change a line nobody asked to change. */
function byTyping(transaction: Transaction): boolean {
  return transaction.docChanged && !byOthers(transaction) && !transaction.getMeta('uiEvent');
}

/** A `/` at the start of a line or after a blank, with up to 20 letters after it, right before the caret. */
function typed(state: EditorState): { from: number; query: string } | null {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type.spec.code || !$from.parent.isTextblock) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc');
  const found = /(?:^|\s)\/([\p{L}\d ]{0,20})$/u.exec(before);
  if (!found) return null;
  const query = found[1] ?? '';
  if (query.startsWith(' ') || (query.includes(' ') && matching(query).length === 0)) return null;
  return { from: $from.pos - query.length - 1, query };
}
