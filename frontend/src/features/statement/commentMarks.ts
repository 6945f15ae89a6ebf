/** Shows in the text which words have comments. Decorations only: nothing of it is in the document. */
import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey, Selection } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { Anchor } from '../../api/types';
import { rangeOf } from './anchors';
import styles from './statement.module.css';

export interface Marked {
  readonly id: string;
  readonly anchor: Anchor;
  readonly look: 'open' | 'on' | 'draft';
}

/** What the comments tell the text, and the other way round. Filled by `useComments`. */
export interface Bridge {
  marked: readonly Marked[];
  /** Set by the plugin: draw again. */
  redraw: () => void;
  pick: (id: string) => void;
  /** The order of the words they are about, and which have lost theirs. */
  placed: (ranges: ReadonlyMap<string, number>) => void;
}

/** The comment on the words at the caret. */
export function threadAt(state: EditorState): string | null {
  return idAt(state, state.selection.from, state.selection.to);
}

function idAt(state: EditorState, from: number, to: number): string | null {
  const ids = (KEY.getState(state)?.find(from, to) ?? []).map((each) => each.spec.id as string);
  return ids.find((id) => id !== 'draft') ?? null;
}

const KEY = new PluginKey<DecorationSet>('comments');
const LOOKS = { open: styles.comment, on: `${styles.comment} ${styles.commentOn}`, draft: styles.commentDraft };

export function commentMarks(bridge: Bridge) {
  return Extension.create({
    name: 'commentMarks',
    addProseMirrorPlugins: () => [
      new Plugin<DecorationSet>({
        key: KEY,
        state: {
          init: () => DecorationSet.empty,
          apply: (transaction, before, _old, state) =>
            transaction.docChanged || transaction.getMeta(KEY) ? draw(state, bridge) : before,
        },
        props: {
          decorations: (state) => KEY.getState(state),
          handleClick(view, position, event) {
            const id = idAt(view.state, position, position);
            if (id === null || event.shiftKey) return false;
            // The editor hears of the caret's new place only after this, and drawing puts it back to where it was told last.
            view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(position))));
            bridge.pick(id);
            return false;
          },
        },
        view(view) {
          bridge.redraw = () => {
            if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(KEY, true).setMeta('addToHistory', false));
          };
          // The binding fills the document after the plugins are made.
          queueMicrotask(() => bridge.redraw());
          return {
            destroy: () => {
              bridge.redraw = () => undefined;
            },
          };
        },
      }),
    ],
  });
}

function draw(state: EditorState, bridge: Bridge): DecorationSet {
  const places = new Map<string, number>();
  const decorations = bridge.marked.flatMap(({ id, anchor, look }) => {
    const range = rangeOf(state, anchor);
    if (!range) return [];
    places.set(id, range.from);
    return [Decoration.inline(range.from, range.to, { class: LOOKS[look] ?? '', 'data-thread': id }, { id })];
  });
  bridge.placed(places);
  return DecorationSet.create(state.doc, decorations);
}
