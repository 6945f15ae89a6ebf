// The outline: the same board as an ordinary document of headings and lists, and an equal place to work in.
//
// Headings and lists rather than a tree widget: a screen reader's own keys for headings and lists then lead through it,
// it can be read from top to bottom, and a phone and a magnifier show it like any page. One tab stop leads in; arrow
// keys go from line to line. docs/accessibility.md says more.
import { SquareDashed } from 'lucide-react';
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { press, run } from '../commands';
import type { ObjectId } from '../model/types';
import { setPersonal, usePersonal } from '../personal';
import { useLegend, useObjects, usePermit, useScope, useViewState } from '../scope';
import { areaOf } from '../view/places';
import { exchange } from './actions';
import { Composer } from './Composer';
import { type Entry, outlineOf, type Section, tagsOf } from './entries';
import { Item, type ItemProps } from './Item';
import { useDoings } from './useDoings';
import { BeforeChange, useFocusInStep } from './useFocusInStep';
import styles from './outline.module.css';

interface OutlineProps {
  /** It has the page to itself: then it is where one writes, whatever was pressed. */
  readonly alone: boolean;
  /** Is writing done here rather than on the board? */
  readonly writesHere: boolean;
}

export default function Outline({ alone, writesHere }: OutlineProps) {
  const scope = useScope();
  const { view, board, opened, context, commands, keymap } = scope;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const state = useViewState(view);
  const permit = usePermit(view);
  const legend = useLegend(board);
  const objects = useObjects(board);
  const { order } = usePersonal();
  const [wanted, setTag] = useState<string | null>(null);
  const doings = useDoings(opened.hearing, state.calm);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `objects` says that the board has changed
  const tags = useMemo(() => tagsOf(board), [board, objects]);
  const tag = tags.some((each) => each.tag === wanted) ? wanted : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const everything = useMemo(() => outlineOf(board, { order, tag }), [board, objects, order, tag]);
  const sections = useDeferredValue(everything, NOTHING);
  const shown = state.calm ? sections.filter(({ area }) => (area?.id ?? null) === state.calmArea) : sections;
  const areas = useMemo(() => sections.flatMap(({ area }) => area ?? []), [sections]);
  const stop = tabStop(shown, state.focused);
  /** The line that was the chosen one before it was pressed. */
  const pressed = useRef<ObjectId | null>(null);
  const here = state.focused === null ? (state.calm ? state.calmArea : null) : areaOf(board, state.focused);
  const remember = useFocusInStep(root, state.focused, state.editing, writesHere, sections);

  const props = (entry: Entry): ItemProps => {
    const { object } = entry;
    const lock = permit.lock(object.id);
    const link = entry.links.find(({ connector, away }) => away && connector === state.focused)?.connector ?? null;
    return {
      entry,
      me: scope.me.id,
      meaning: object.kind === 'note' ? (legend.get(object.colour) ?? '') : '',
      author: object.by !== null && scope.served.authors !== 'hidden' ? (scope.person(object.by)?.name ?? '') : '',
      comments: scope.comments(object.id),
      locked: lock && lock.object === object.id ? `locked by ${lock.who === 'facilitators' ? 'facilitators' : lock.by.name}` : '',
      doing: doings.get(object.id) ?? '',
      stop: stop === object.id,
      chosen: state.focused === object.id,
      selected: state.selection.has(object.id),
      editing: writesHere && state.editing === object.id,
      mayEdit: permit.writes && object.kind !== 'evidence' && permit.why('edit', object.id) === null,
      mayReact: permit.writes && object.kind !== 'connector' && object.kind !== 'cluster',
      link,
      linkEditing: writesHere && link !== null && state.editing === link,
      linkMayEdit: link !== null && permit.writes && permit.why('edit', link) === null,
    };
  };

  return (
    <section className={styles.outline} data-alone={alone || undefined} aria-labelledby={id}>
      <BeforeChange take={remember} />
      <h2 id={id} className="vh">
        Outline
      </h2>
      <div className={styles.controls}>
        <label>
          <span>Order</span>
          <select value={order} onChange={(event) => setPersonal({ order: event.target.value as typeof order })}>
            <option value="placed">As placed on the board</option>
            <option value="support">Most support first</option>
          </select>
        </label>
        {tags.length > 0 ? (
          <label>
            <span>Tag</span>
            <select value={tag ?? ''} onChange={(event) => setTag(event.target.value || null)}>
              <option value="">All</option>
              {tags.map((each) => (
                <option key={each.tag} value={each.tag}>
                  {each.tag} ({each.count})
                </option>
              ))}
            </select>
          </label>
        ) : null}
        {state.calm ? (
          <label>
            <span>Area</span>
            <select value={state.calmArea ?? ''} onChange={(event) => view.set({ calmArea: event.target.value || null })}>
              {sections.map(({ area }) => (
                <option key={area?.id ?? ''} value={area?.id ?? ''}>
                  {area ? area.text || 'Area without a name' : 'Outside the areas'}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </div>
      <p className={styles.help}>
        {permit.writes
          ? 'Arrow keys go from line to line. Enter edits, N adds a note, a full stop opens the actions.'
          : 'Arrow keys go from line to line.'}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the buttons inside it, of which there may be thousands */}
      <div
        ref={root}
        className={styles.list}
        onPointerDown={() => {
          pressed.current = view.state().focused;
        }}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {shown.length === 0 || (shown.length === 1 && shown[0]?.area === null && shown[0].entries.length === 0) ? (
          <p className={styles.empty}>{tag ? `Nothing here is tagged “${tag}”.` : 'Nothing is here yet.'}</p>
        ) : (
          shown.map((section) => <SectionView key={section.area?.id ?? ''} section={section} props={props} />)
        )}
      </div>
      {permit.writes ? <Composer areas={areas} here={here} /> : null}
    </section>
  );

  function onFocus(event: FocusEvent): void {
    const to = itemAt(event.target);
    if (to === null || event.target instanceof HTMLTextAreaElement) return;
    if (pressed.current !== to) pressed.current = null;
    // Brought into view on the board too; what is selected with others stays selected.
    if (view.state().focused !== to) view.focus(to, { keep: view.state().selection.has(to) });
  }

  function onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const act = target.closest<HTMLElement>('[data-act]')?.dataset.act;
    const go = target.closest<HTMLElement>('[data-go]')?.dataset.go;
    const to = target.closest<HTMLElement>('button[data-item]')?.dataset.item;
    if (act) {
      const run = { edit: 'edit', support: 'support', comment: 'comment', menu: 'menu' }[act];
      const command = commands.find((each) => each.id === run);
      const why = command?.why(context);
      if (command && why === null) command.run(context);
      else if (why) view.say(why);
    } else if (go) goTo(go);
    else if (to) {
      if (event.shiftKey || event.ctrlKey || event.metaKey) {
        view.select([to], 'toggle');
        return;
      }
      if (view.state().connecting !== null) {
        view.focus(to, { keep: true });
        run('connect.here', context);
        return;
      }
      // Pressing the chosen one again opens its text.
      const again = pressed.current === to;
      pressed.current = to;
      if (again && view.permit().why('edit', to) === null) view.edit(to);
      else view.focus(to);
    }
  }

  function goTo(other: ObjectId): void {
    view.focus(other);
    root.current?.querySelector<HTMLElement>(`[data-item="${other}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const at = itemAt(event.target);
    if (event.defaultPrevented || event.target instanceof HTMLTextAreaElement) return;
    const { moving, connecting } = view.state();
    const plainKey = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (at !== null && event.altKey && !event.ctrlKey && !event.metaKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      if (order === 'placed') exchange(view, at, event.key === 'ArrowDown' ? 1 : -1);
      else view.say('Show the outline as placed on the board to change the order.');
      return;
    }
    if (!moving && at !== null && plainKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
      return;
    }
    // Left and right have no meaning in a list, and must not act on the board behind it.
    if (!moving && connecting === null && event.key.startsWith('Arrow') && !event.shiftKey) return;
    const button = event.target instanceof HTMLElement && event.target.closest('[data-act], [data-go]');
    if (button && (event.key === 'Enter' || event.key === ' ')) return;
    if (press(event.nativeEvent, context, { commands, keymap, where: 'board' })) event.stopPropagation();
  }

  function step(by: 1 | -1): void {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    const now = items.findIndex((item) => item.dataset.item === view.state().focused);
    items[Math.min(items.length - 1, Math.max(0, now + by))]?.focus();
  }
}

const NOTHING: readonly Section[] = [];

/** The focused line when it is shown, else the first. */
function tabStop(sections: readonly Section[], focused: ObjectId | null): ObjectId | undefined {
  let first: ObjectId | undefined;
  for (const { area, entries } of sections) {
    if (area) {
      if (area.id === focused) return area.id;
      first ??= area.id;
    }
    for (const { object, links, inside } of entries) {
      first ??= object.id;
      const here = (each: Entry) => each.object.id === focused || each.links.some(({ connector, away }) => away && connector === focused);
      if (focused !== null && (object.id === focused || links.some(({ connector, away }) => away && connector === focused) || inside.some(here))) return focused;
    }
  }
  return first;
}

function SectionView({ section, props }: { section: Section; props: (entry: Entry) => ItemProps }) {
  const { area, entries, notes } = section;
  const title = useId();
  return (
    <section className={styles.section} aria-labelledby={title}>
      <div className={styles.head} data-head>
        <SquareDashed aria-hidden />
        {area ? <Item {...props({ object: area, links: NO_LINKS, inside: NO_ENTRIES })} level={3} title={title} /> : <h3 id={title} className={styles.heading}>Outside the areas</h3>}
        <span className={styles.count}>
          {notes} <span className="vh">{notes === 1 ? 'note' : 'notes'}</span>
        </span>
      </div>
      {area?.prompt ? <p className={styles.prompt}>{area.prompt}</p> : null}
      <ul className={styles.entries} aria-labelledby={title}>
        {entries.map((entry) => (
          <EntryView key={entry.object.id} entry={entry} props={props} />
        ))}
      </ul>
    </section>
  );
}

const NO_LINKS: Entry['links'] = [];
const NO_ENTRIES: readonly Entry[] = [];

function EntryView({ entry, props }: { entry: Entry; props: (entry: Entry) => ItemProps }) {
  const { object, inside } = entry;
  if (object.kind !== 'cluster')
    return (
      <li className={styles.row} data-row>
        <Item {...props(entry)} />
      </li>
    );
  return (
    <li className={styles.cluster} data-row>
      <Item {...props(entry)} level={4} />
      <ul>
        {inside.map((each) => (
          <EntryView key={each.object.id} entry={each} props={props} />
        ))}
      </ul>
    </li>
  );
}

function itemAt(target: EventTarget | null): ObjectId | null {
  const row = (target as Element | null)?.closest?.('li[data-row], [data-head]');
  return row?.querySelector<HTMLElement>('[data-item]')?.dataset.item ?? null;
}
