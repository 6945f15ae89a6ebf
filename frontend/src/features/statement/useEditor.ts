/** React's view of the editor: made when the element is there, gone when it leaves, and read by small selectors. */
import type { AnyExtension, Editor } from '@tiptap/core';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Room } from '../../realtime';
import { makeEditor } from './editor';

interface Options {
  readonly room: Room;
  readonly editable: boolean;
  readonly more: () => readonly AnyExtension[];
  readonly onPicturesLeftOut: (count: number) => void;
  readonly onNotUnderstood: () => void;
}

/** The document of the room is bound when this is mounted: mount it anew (`key`) when the room's generation rises. */
export function useStatementEditor({ room, editable, more, onPicturesLeftOut, onNotUnderstood }: Options) {
  const [editor, setEditor] = useState<Editor | null>(null);
  const latest = useRef({ more, onPicturesLeftOut, onNotUnderstood, editable });
  latest.current = { more, onPicturesLeftOut, onNotUnderstood, editable };
  const [element, setElement] = useState<HTMLElement | null>(null);
  // Once something unknown was met, another editor is made: one that follows, and cannot write.
  const [following, setFollowing] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `following` asks for a new editor
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
    setEditor(made);
    return () => {
      setEditor(null);
      room.awareness.setLocalStateField('cursor', null);
      made.destroy();
    };
  }, [element, room, following]);

  useEffect(() => {
    if (editor && editor.isEditable !== editable) editor.setEditable(editable, false);
  }, [editor, editable]);

  return { editor, place: setElement };
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
