// On a phone: the board or its outline, one press apart.
import { LayoutGrid, ListTree } from 'lucide-react';
import { setPersonal, usePersonal } from '../personal';
import { useNarrow } from '../useNarrow';
import styles from './panels.module.css';

export function FaceSwitch() {
  const { narrow: chosen } = usePersonal();
  const { smallUpright } = useNarrow();
  const face = chosen ?? (smallUpright ? 'outline' : 'board');
  return (
    <fieldset className={styles.faces} aria-label="Show">
      <button type="button" aria-pressed={face === 'board'} onClick={() => setPersonal({ narrow: 'board' })}>
        <LayoutGrid aria-hidden /> Board
      </button>
      <button type="button" aria-pressed={face === 'outline'} onClick={() => setPersonal({ narrow: 'outline' })}>
        <ListTree aria-hidden /> Outline
      </button>
    </fieldset>
  );
}
