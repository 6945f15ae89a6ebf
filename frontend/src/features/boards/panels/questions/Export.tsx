// Taking the board elsewhere: as a picture, as a list, or for another tool.
import { useState } from 'react';
import { Button, ButtonLink, Dialog, RadioGroup, Select } from '../../../../ui';
import { useScope } from '../../scope';
import { called } from '../../view/naming';
import { areasInOrder } from '../../view/places';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

type Format = 'pdf' | 'png' | 'svg' | 'csv' | 'canvas.zip' | 'excalidraw' | 'json';

const FORMATS: readonly { readonly value: Format; readonly label: string; readonly hint: string }[] = [
  { value: 'pdf', label: 'PDF', hint: 'to print or send: the picture, then everything on it as a list' },
  { value: 'png', label: 'Picture (PNG)', hint: 'for slides' },
  { value: 'svg', label: 'Drawing (SVG)', hint: 'sharp at every size, its text stays text' },
  { value: 'csv', label: 'Table (CSV)', hint: 'one row for each object, for a spreadsheet' },
  { value: 'canvas.zip', label: 'JSON Canvas', hint: 'an open format that other boards read, with its images' },
  { value: 'excalidraw', label: 'Excalidraw', hint: 'a drawing that can be worked on there' },
  { value: 'json', label: 'Everything (JSON)', hint: 'to keep, or to bring into another lab like this' },
];
const DRAWN: readonly Format[] = ['pdf', 'png', 'svg'];

export default function Export({ onClose }: QuestionProps) {
  const { board, served } = useScope();
  const [format, setFormat] = useState<Format>('pdf');
  const [area, setArea] = useState('');
  const [theme, setTheme] = useState<'light' | 'dark'>('light');
  const areas = areasInOrder(board).flatMap((id) => {
    const object = id === null ? undefined : board.get(id);
    return object ? [{ value: object.id, label: called(object) }] : [];
  });
  const query = new URLSearchParams();
  if (area !== '') query.set('area', area);
  if (DRAWN.includes(format)) query.set('theme', theme);
  const href = `/api/boards/${served.id}/export.${format}${query.size > 0 ? `?${query}` : ''}`;
  return (
    <Dialog
      title="Download this board"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Close</Button>
          <ButtonLink variant="primary" href={href} download target="_self" onClick={leave}>
            Download
          </ButtonLink>
        </>
      }
    >
      <RadioGroup label="As" value={format} onChange={setFormat} options={FORMATS} />
      <div className={styles.fields}>
        <Select label="Of" value={area} onChange={setArea} options={[{ value: '', label: 'The whole board' }, ...areas]} />
        {DRAWN.includes(format) ? (
          <Select label="Colours" value={theme} onChange={setTheme} options={[{ value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }]} />
        ) : null}
      </div>
      {format === 'pdf' || format === 'csv' ? (
        <p className={styles.explain}>{served.authors === 'hidden' ? 'No names are in it.' : 'It names who made what.'}</p>
      ) : null}
    </Dialog>
  );
}

/** The page's own router would take the link for one of its pages. */
function leave(event: { preventDefault(): void; currentTarget: EventTarget & HTMLAnchorElement }): void {
  event.preventDefault();
  window.location.assign(event.currentTarget.href);
}
