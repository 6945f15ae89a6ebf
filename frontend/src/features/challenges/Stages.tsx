/** The stages of a challenge: which one the work is in, what they are called, how many there are and in which order. */
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Challenge } from '../../api/types';
import { announce, Button, ConfirmDialog, Form, FormError, FormRow, IconButton, panel, Section, TextField } from '../../ui';
import * as draft from './stages';
import styles from './Stages.module.css';
import { useSave } from './useSave';

export function Stages({ challenge }: { challenge: Challenge }) {
  const save = useSave(challenge, 'Stages saved.');
  const [now, setNow] = useState(() => draft.draftOf(challenge.stages, challenge.stage.key));
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState<draft.StageDraft | null>(null);
  const list = useRef<HTMLFieldSetElement>(null);
  const count = useRef(0);
  const focus = useFocusAfter();
  const afterAsking = useRef<(() => HTMLElement | undefined) | null>(null);
  useEffect(() => {
    // Not before: a dialog holds focus until it is gone.
    if (asking) return;
    afterAsking.current?.()?.focus();
    afterAsking.current = null;
  }, [asking]);
  const bad = now.stages.some((stage) => draft.problemWith(now, stage) !== null);

  function move(stage: draft.StageDraft, by: -1 | 1): void {
    const next = draft.moved(now, stage.id, by);
    if (next === now) return;
    setNow(next);
    // The row is taken out and put in again: what was pressed must be found under the same finger.
    focus.keep();
    announce(`${called(stage)} is now stage ${next.stages.findIndex(({ id }) => id === stage.id) + 1} of ${next.stages.length}.`);
  }

  function remove(stage: draft.StageDraft): void {
    const at = now.stages.indexOf(stage);
    const next = draft.removed(now, stage.id);
    setNow(next);
    const neighbour = () => fields(list.current)[Math.min(at, next.stages.length - 1)];
    if (asking) afterAsking.current = neighbour;
    else focus.on(neighbour);
    const left = next.current === now.current ? '' : ` The work is now in ${called(draft.heir(now, stage.id))}.`;
    announce(`${called(stage)} is taken out.${left} Save the stages to keep this.`);
  }

  function onKeyDown(event: KeyboardEvent, stage: draft.StageDraft): void {
    if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(stage, event.key === 'ArrowUp' ? -1 : 1);
  }

  return (
    <Section title="Stages" lead="Mark the stage the work is in, and call the stages what you like. The lab home shows them.">
      <Form
        className={panel.form}
        onSubmit={() => {
          setTried(true);
          if (!bad) {
            save.mutate(draft.form(now), {
              onSuccess: (changed) => {
                setNow(draft.draftOf(changed.stages, changed.stage.key));
                setTried(false);
              },
            });
          }
        }}
      >
        <FormError error={save.error} />
        <fieldset className={styles.stages} ref={list} aria-describedby="stages-keys">
          <legend className="vh">The stage the work is in</legend>
          {now.stages.map((stage, index) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the fields and buttons inside
            <div key={stage.id} data-stage className={styles.stage} onKeyDown={(event) => onKeyDown(event, stage)}>
              <label className={styles.radio} title={stage.saved ? undefined : 'Save the stages first'}>
                <span className="vh">{`The work is in stage ${index + 1}, ${called(stage)}`}</span>
                <input
                  type="radio"
                  name="stage"
                  disabled={!stage.saved}
                  checked={stage.id === now.current}
                  onChange={() => setNow({ ...now, current: stage.id })}
                />
              </label>
              <TextField
                label={`Name of stage ${index + 1}`}
                hideLabel
                maxLength={draft.LONGEST_STAGE}
                value={stage.label}
                onChange={(label) => setNow(draft.renamed(now, stage.id, label))}
                problem={stage.saved || tried || stage.label !== '' ? draft.problemWith(now, stage) : null}
              />
              <div className={styles.acts}>
                <IconButton
                  label={`Move ${called(stage)} up`}
                  icon={<ArrowUp aria-hidden />}
                  isDisabled={index === 0}
                  onPress={() => move(stage, -1)}
                />
                <IconButton
                  label={`Move ${called(stage)} down`}
                  icon={<ArrowDown aria-hidden />}
                  isDisabled={index === now.stages.length - 1}
                  onPress={() => move(stage, 1)}
                />
                <IconButton
                  label={`Take ${called(stage)} out`}
                  icon={<Trash2 aria-hidden />}
                  isDisabled={!draft.removable(now, stage.id)}
                  onPress={() => (stage.id === now.current ? setAsking(stage) : remove(stage))}
                />
              </div>
            </div>
          ))}
        </fieldset>
        <p id="stages-keys" className={styles.hint}>
          Alt and the up or down arrow moves the stage you are in. A new stage can be chosen once it is saved.
        </p>
        <FormRow>
          <Button type="submit" busy={save.isPending} isDisabled={bad && tried}>
            Save stages
          </Button>
          <Button
            variant="quiet"
            icon={<Plus aria-hidden />}
            isDisabled={now.stages.length >= draft.MOST_STAGES}
            onPress={() => {
              count.current += 1;
              setNow(draft.added(now, `new-${count.current}`));
              focus.on(() => fields(list.current).at(-1));
            }}
          >
            Add a stage
          </Button>
        </FormRow>
      </Form>
      <ConfirmDialog
        title={`Take ${called(asking)} out?`}
        confirm="Take it out"
        isOpen={asking !== null}
        onClose={() => setAsking(null)}
        onConfirm={() => {
          if (asking) remove(asking);
        }}
      >
        <p>
          The work is in this stage. It goes to {asking ? called(draft.heir(now, asking.id)) : ''} when you save the stages.
        </p>
      </ConfirmDialog>
    </Section>
  );
}

function called(stage: draft.StageDraft | null | undefined): string {
  return stage?.label.trim() || 'the new stage';
}

function fields(list: Element | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('input:not([type=radio])') ?? [])];
}

/** Puts focus where it belongs once the rows stand in their new order. */
function useFocusAfter() {
  const next = useRef<(() => Element | null | undefined) | null>(null);
  useLayoutEffect(() => {
    const target = next.current?.();
    next.current = null;
    if (!(target instanceof HTMLElement)) return;
    // A button at the end of its way is disabled now and cannot hold focus; the field of its row can.
    (target.matches(':disabled') ? fields(target.closest('[data-stage]'))[0] : target)?.focus();
  });
  return {
    on: (target: () => Element | null | undefined) => {
      next.current = target;
    },
    keep: () => {
      const held = document.activeElement;
      next.current = () => held;
    },
  };
}
