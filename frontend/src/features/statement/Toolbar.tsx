/** The formatting toolbar: one tab stop, arrows inside, Alt+F10 from the text and Escape back. */
import type { Editor } from '@tiptap/core';
import {
  Bold,
  ChevronDown,
  Highlighter,
  Italic,
  Link,
  List,
  ListOrdered,
  MessageSquarePlus,
  Redo2,
  Table,
  Undo2,
} from 'lucide-react';
import { type ReactNode, type Ref, useImperativeHandle } from 'react';
import { Button, IconButton, Menu, MenuItem, MenuLine } from '../../ui';
import { LISTS, styleAt, table, TEXT_STYLES } from './blocks';
import { threadAt } from './commentMarks';
import { inText, toText } from './focus';
import { useRoving } from './roving';
import styles from './statement.module.css';
import { useEditorValue } from './useEditor';

export interface ToolbarHandle {
  focus: () => void;
}

interface ToolbarProps {
  editor: Editor;
  onLink: () => void;
  onComment: (() => void) | null;
  /** At the far end: what is not about formatting. */
  more: ReactNode;
  ref: Ref<ToolbarHandle>;
}

export function Toolbar({ editor, onLink, onComment, more, ref }: ToolbarProps) {
  const { row, focus, props } = useRoving<HTMLDivElement>(() => toText(editor));
  useImperativeHandle(ref, () => ({ focus }));
  const style = useEditorValue(editor, styleAt, 'Text');
  const inTable = useEditorValue(editor, (e) => e.isActive('table'), false);
  const comment = useEditorValue(editor, commentLabel, '');
  const canUndo = useEditorValue(editor, (e) => e.can().undo(), false);
  const canRedo = useEditorValue(editor, (e) => e.can().redo(), false);

  return (
    <div ref={row} role="toolbar" aria-label="Formatting" aria-controls="statement-text" className={styles.tools} {...props}>
      <Menu
        label="Style of this line"
        placement="bottom start"
        trigger={
          <Button variant="quiet" size="small" className={styles.style} aria-label={`Style of this line: ${style}`}>
            {style} <ChevronDown aria-hidden />
          </Button>
        }
      >
        {[...TEXT_STYLES, ...LISTS].map((choice) => (
          <MenuItem key={choice.id} icon={<choice.icon aria-hidden />} note={choice.hint} onAction={() => choice.apply(editor)}>
            {choice.label}
          </MenuItem>
        ))}
      </Menu>
      <Line />
      <Toggle editor={editor} mark="bold" label="Bold" icon={<Bold aria-hidden />} />
      <Toggle editor={editor} mark="italic" label="Italic" icon={<Italic aria-hidden />} />
      <Toggle editor={editor} mark="highlight" label="Highlight" icon={<Highlighter aria-hidden />} />
      <Pressed
        editor={editor}
        read={(e) => e.isActive('bulletList')}
        label="Bulleted list"
        icon={<List aria-hidden />}
        act={() => inText(editor).toggleBulletList().run()}
      />
      <Pressed
        editor={editor}
        read={(e) => e.isActive('orderedList')}
        label="Numbered list"
        icon={<ListOrdered aria-hidden />}
        act={() => inText(editor).toggleOrderedList().run()}
      />
      <Pressed editor={editor} read={(e) => e.isActive('link')} label="Link" icon={<Link aria-hidden />} act={onLink} />
      {inTable ? <TableMenu editor={editor} /> : (
        <IconButton
          size="small"
          label="Insert table"
          icon={<Table aria-hidden />}
          onPress={() => {
            toText(editor);
            table(editor);
          }}
        />
      )}
      {onComment ? (
        <>
          <Line />
          <IconButton
            size="small"
            label={comment}
            icon={<MessageSquarePlus aria-hidden />}
            onPress={onComment}
          />
        </>
      ) : null}
      <span className={styles.grow} />
      <IconButton size="small" label="Undo" icon={<Undo2 aria-hidden />} isDisabled={!canUndo} onPress={() => inText(editor).undo().run()} />
      <IconButton size="small" label="Redo" icon={<Redo2 aria-hidden />} isDisabled={!canRedo} onPress={() => inText(editor).redo().run()} />
      {more}
    </div>
  );
}

function commentLabel(editor: Editor): string {
  if (!editor.state.selection.empty) return 'Comment on these words';
  return threadAt(editor.state) === null ? 'Comment: choose some words first' : 'Go to the comment on these words';
}

function Line() {
  return <span className={styles.sep} aria-hidden />;
}

function Toggle({ editor, mark, label, icon }: { editor: Editor; mark: string; label: string; icon: ReactNode }) {
  return <Pressed editor={editor} read={(e) => e.isActive(mark)} label={label} icon={icon} act={() => inText(editor).toggleMark(mark).run()} />;
}

interface PressedProps {
  editor: Editor;
  read: (editor: Editor) => boolean;
  label: string;
  icon: ReactNode;
  act: () => void;
}

function Pressed({ editor, read, label, icon, act }: PressedProps) {
  const on = useEditorValue(editor, read, false);
  return <IconButton size="small" label={label} icon={icon} pressed={on} onPress={act} />;
}

function TableMenu({ editor }: { editor: Editor }) {
  const run = (command: (chain: ReturnType<Editor['chain']>) => ReturnType<Editor['chain']>) => () => command(editor.chain().focus()).run();
  return (
    <Menu
      label="Table"
      placement="bottom start"
      trigger={
        <Button variant="quiet" size="small" aria-label="Table">
          <Table aria-hidden /> <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuItem onAction={run((c) => c.addRowBefore())}>Row above</MenuItem>
      <MenuItem onAction={run((c) => c.addRowAfter())}>Row below</MenuItem>
      <MenuItem onAction={run((c) => c.addColumnBefore())}>Column before</MenuItem>
      <MenuItem onAction={run((c) => c.addColumnAfter())}>Column after</MenuItem>
      <MenuItem onAction={run((c) => c.toggleHeaderRow())}>Header row on or off</MenuItem>
      <MenuLine />
      <MenuItem onAction={run((c) => c.deleteRow())}>Delete this row</MenuItem>
      <MenuItem onAction={run((c) => c.deleteColumn())}>Delete this column</MenuItem>
      <MenuItem tone="danger" onAction={run((c) => c.deleteTable())}>
        Delete the table
      </MenuItem>
    </Menu>
  );
}
