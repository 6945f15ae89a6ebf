/** React's view of the editor: made when the element is there, gone when it leaves, and read by small selectors. */
import type { AnyExtension, Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { type Room, useRoomState } from '../../realtime';
import { makeEditor } from './editor';

interface Options {
  readonly room: Room;
  readonly editable: boolean;
  readonly more: () => readonly AnyExtension[];
  readonly onPicturesLeftOut: (count: number) => void;
  readonly onNotUnderstood: () => void;
}

/**
 * Bound to the document of the room. When that is replaced by another in the same epoch (edits were refused, all else
 * holds) the editor is made anew and the caret stays where it was; for another epoch mount it anew (`key`).
 */
export function useStatementEditor({ room, editable, more, onPicturesLeftOut, onNotUnderstood }: Options) {
  const [editor, setEditor] = useState<Editor | null>(null);
  const latest = useRef({ more, onPicturesLeftOut, onNotUnderstood, editable });
  latest.current = { more, onPicturesLeftOut, onNotUnderstood, editable };
  const [element, setElement] = useState<HTMLElement | null>(null);
  // Once something unknown was met, another editor is made: one that follows, and cannot write.
  const [following, setFollowing] = useState(false);
  const { generation } = useRoomState();
  const caret = useRef<Caret | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `following` asks for a new editor, `generation` says that room.doc is another
  useEffect(() => {
    if (element === null) return;
    const made = makeEditor({
      element,
      doc: room.doc,
      awareness: room.awareness,
      editable: latest.current.editable,
      more: latest.current.more(),
      onPicturesLeftOut: (count) => latest.current.onPicturesLeftOut(count),
      onNotUnderstood: () => {
        setFollowing(true);
        latest.current.onNotUnderstood();
      },
    });
    if (caret.current) putCaret(made, caret.current);
    setEditor(made);
    return () => {
      caret.current = made.isFocused ? made.state.selection : null;
      setEditor(null);
      room.awareness.setLocalStateField('cursor', null);
      made.destroy();
    };
  }, [element, room, following, generation]);

  useEffect(() => {
    if (editor && editor.isEditable !== editable) editor.setEditable(editable, false);
  }, [editor, editable]);

  return { editor, place: setElement };
}

interface Caret {
  readonly anchor: number;
  readonly head: number;
}

/** As near to where it was as the text allows. */
function putCaret({ state, view }: Editor, { anchor, head }: Caret): void {
  const at = (position: number) => state.doc.resolve(Math.min(position, state.doc.content.size));
  view.dispatch(state.tr.setSelection(TextSelection.between(at(anchor), at(head))));
  view.focus();
}

/** A value of the editor's state; renders again when, and only when, it changes. It must be a primitive. */
export function useEditorValue<T extends string | number | boolean | null>(editor: Editor | null, read: (editor: Editor) => T, none: T): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      editor?.on('transaction', changed);
      return () => {
        editor?.off('transaction', changed);
      };
    },
    [editor],
  );
  return useSyncExternalStore(subscribe, () => (editor && !editor.isDestroyed ? read(editor) : none));
}
