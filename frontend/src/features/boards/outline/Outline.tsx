// The outline: the same board as an ordinary document of headings and lists, and an equal place to work in.
//
// Headings and lists rather than a tree widget: a screen reader's own keys for headings and lists then lead through it,
// it can be read from top to bottom, and a phone and a magnifier show it like any page. One tab stop leads in; arrow
// keys go from line to line. docs/accessibility.md says more.
import { SquareDashed } from 'lucide-react';
import { type FocusEvent, type KeyboardEvent, type MouseEvent, memo, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { press, run } from '../commands';
import type { ObjectId } from '../model/types';
import type { Permit } from '../view/types';
import { setPersonal, usePersonal } from '../personal';
import { useLegend, useObjects, usePermit, useScope, useViewState } from '../scope';
import { areaOf } from '../view/places';
import { exchange } from './actions';
import { Composer } from './Composer';
import { type Entry, outlineOf, type Section, type Slice, tagsOf } from './entries';
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
  const last = useRef<readonly Section[]>(NOTHING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const everything = useMemo(() => (last.current = outlineOf(board, { order, tag }, last.current)), [board, objects, order, tag]);
  const sections = useDeferredValue(everything, NOTHING);
  const shown = state.calm ? sections.filter(({ area }) => (area?.id ?? null) === state.calmArea) : sections;
  const areas = useMemo(() => sections.flatMap(({ area }) => area ?? []), [sections]);
  const stop = tabStop(shown, state.focused);
  /** The line that was the chosen one before it was pressed. */
  const pressed = useRef<ObjectId | null>(null);
  const here = state.focused === null ? (state.calm ? state.calmArea : null) : areaOf(board, state.focused);
  const remember = useFocusInStep(root, state.focused, state.editing, writesHere, sections);

  const { me, person, comments, served } = scope;
  const about = useMemo<About>(
    () => ({ me: me.id, permit, legend, person: served.authors === 'hidden' ? () => undefined : person, comments, writesHere }),
    [me.id, permit, legend, person, served.authors, comments, writesHere],
  );
  const all: Now = { focused: state.focused, selection: state.selection, editing: state.editing, doings, stop };
  // Of what goes on, a slice is told what is about its own lines: the others need not be looked at.
  const slices = useMemo(() => slicesByLine(sections), [sections]);
  const busy = new Set<Slice>();
  for (const ids of [state.selection, doings.keys(), [state.focused, state.editing, stop]]) {
    for (const id of ids) {
      const slice = slices.get(id ?? '');
      if (slice) busy.add(slice);
    }
  }
  const now = (slice: Slice | null) => (slice === null || busy.has(slice) ? all : QUIET);

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
          shown.map((section) => <SectionView key={section.area?.id ?? ''} section={section} about={about} now={now} />)
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

/** What every line depends on. */
interface About {
  readonly me: string;
  readonly permit: Permit;
  readonly legend: ReadonlyMap<string, string>;
  /** Undefined: not named. */
  person(id: string): { readonly name: string } | undefined;
  comments(id: ObjectId): number;
  readonly writesHere: boolean;
}

/** What only some lines depend on. */
interface Now {
  readonly focused: ObjectId | null;
  readonly selection: ReadonlySet<ObjectId>;
  readonly editing: ObjectId | null;
  readonly doings: ReadonlyMap<ObjectId, string>;
  /** The one tab stop. */
  readonly stop: ObjectId | undefined;
}

const QUIET: Now = { focused: null, selection: new Set(), editing: null, doings: new Map(), stop: undefined };

function slicesByLine(sections: readonly Section[]): ReadonlyMap<ObjectId, Slice> {
  const found = new Map<ObjectId, Slice>();
  const add = (slice: Slice, { object, links, inside }: Entry) => {
    found.set(object.id, slice);
    for (const { connector, away } of links) if (away) found.set(connector, slice);
    for (const each of inside) add(slice, each);
  };
  for (const section of sections) for (const slice of section.slices) for (const entry of slice.entries) add(slice, entry);
  return found;
}

function itemProps(entry: Entry, { me, permit, legend, person, comments, writesHere }: About, now: Now): ItemProps {
  const { object } = entry;
  const { focused } = now;
  const lock = permit.lock(object.id);
  const link = entry.links.find(({ connector, away }) => away && connector === focused)?.connector ?? null;
  return {
    entry,
    me,
    meaning: object.kind === 'note' ? (legend.get(object.colour) ?? '') : '',
    author: object.by === null ? '' : (person(object.by)?.name ?? ''),
    comments: comments(object.id),
    locked: lock && lock.object === object.id ? `locked by ${lock.who === 'facilitators' ? 'facilitators' : lock.by.name}` : '',
    doing: now.doings.get(object.id) ?? '',
    stop: now.stop === object.id,
    chosen: focused === object.id,
    selected: now.selection.has(object.id),
    editing: writesHere && now.editing === object.id,
    mayEdit: permit.writes && object.kind !== 'evidence' && permit.why('edit', object.id) === null,
    mayReact: permit.writes && object.kind !== 'connector' && object.kind !== 'cluster',
    link,
    linkEditing: writesHere && link !== null && now.editing === link,
    linkMayEdit: link !== null && permit.writes && permit.why('edit', link) === null,
  };
}

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

interface SectionProps {
  readonly section: Section;
  readonly about: About;
  /** Null: of the section's own line. */
  now(slice: Slice | null): Now;
}

function SectionView({ section, about, now }: SectionProps) {
  const { area, entries, slices, notes } = section;
  const title = useId();
  return (
    <section className={styles.section} aria-labelledby={title}>
      <div className={styles.head} data-head>
        <SquareDashed aria-hidden />
        {area ? (
          <Item {...itemProps({ object: area, links: NO_LINKS, inside: NO_ENTRIES }, about, now(null))} level={3} title={title} />
        ) : (
          <h3 id={title} className={styles.heading}>Outside the areas</h3>
        )}
        <span className={styles.count}>
          {notes} <span className="vh">{notes === 1 ? 'note' : 'notes'}</span>
        </span>
      </div>
      {area?.prompt ? <p className={styles.prompt}>{area.prompt}</p> : null}
      {entries.length > 0 ? (
        // biome-ignore lint/a11y/useSemanticElements: a list in slices would be heard as many short lists
        <div role="list" aria-labelledby={title}>
          {slices.map((slice) => (
            <SliceView key={slice.key} slice={slice} about={about} {...now(slice)} />
          ))}
        </div>
      ) : null}
    </section>
  );
}

const NO_LINKS: Entry['links'] = [];
const NO_ENTRIES: readonly Entry[] = [];

const SliceView = memo(function SliceView({ slice, about, ...now }: { slice: Slice; about: About } & Now) {
  return (
    <div className={styles.slice} data-many={slice.entries.length > FEW || undefined}>
      {slice.entries.map((entry) => (
        <EntryView key={entry.object.id} entry={entry} about={about} now={now} />
      ))}
    </div>
  );
});

/** Fewer lines than these are laid out wherever they are. */
const FEW = 12;

function EntryView({ entry, about, now }: { entry: Entry; about: About; now: Now }) {
  const { object, inside } = entry;
  if (object.kind !== 'cluster')
    return (
      // biome-ignore lint/a11y/useSemanticElements: as its list
      <div role="listitem" data-row>
        <Item {...itemProps(entry, about, now)} />
      </div>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: as its list
    <div role="listitem" className={styles.cluster} data-row>
      <Item {...itemProps(entry, about, now)} level={4} />
      {/* biome-ignore lint/a11y/useSemanticElements: as the other lists */}
      <div role="list">
        {inside.map((each) => (
          <EntryView key={each.object.id} entry={each} about={about} now={now} />
        ))}
      </div>
    </div>
  );
}

function itemAt(target: EventTarget | null): ObjectId | null {
  const row = (target as Element | null)?.closest?.('[data-row], [data-head]');
  return row?.querySelector<HTMLElement>('[data-item]')?.dataset.item ?? null;
}
