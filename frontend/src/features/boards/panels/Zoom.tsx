// How near one stands: out, the number, in, everything.
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { run } from '../commands';
import { useScope } from '../scope';
import { CommandButton } from './CommandButton';
import styles from './panels.module.css';

export function Zoom() {
  const { view, context } = useScope();
  const [percent, setPercent] = useState(() => Math.round(view.camera().zoom * 100));
  useEffect(() => {
    setPercent(Math.round(view.camera().zoom * 100));
    return view.onCamera(({ zoom }) => setPercent(Math.round(zoom * 100)));
  }, [view]);
  return (
    <fieldset aria-label="Zoom" className={`${styles.float} ${styles.zoom}`} data-landmark="zoom">
      <CommandButton id="zoom.out" icon={<Minus aria-hidden />} />
      <button type="button" className={styles.percent} aria-label={`${percent} %, actual size`} title="Actual size (0)" onClick={() => run('zoom.whole', context)}>
        {percent}%
      </button>
      <CommandButton id="zoom.in" icon={<Plus aria-hidden />} />
      <CommandButton id="zoom.fit" icon={<Maximize aria-hidden />} />
    </fieldset>
  );
}
