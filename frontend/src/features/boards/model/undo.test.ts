// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { clock, content, together } from './testing/peers';
import type { ObjectId } from './types';

const PEOPLE = [
  { id: 'ana', authors: 'shown' },
  { id: 'ben', authors: 'shown' },
] as const;

function two() {
  const now = clock();
  const [ana, ben] = together(now, ...PEOPLE);
  const note = ana!.edit('Add a note', (edit) => edit.add({ kind: 'note', text: 'Tea' }));
  return { now, ana: ana!, ben: ben!, note };
}

describe('values', () => {
  test('undo and redo of a change, and words for the buttons', () => {
    const { ana, note } = two();
    expect(ana.canUndo()).toBe('Add a note');
    ana.edit('Colour', (edit) => edit.set(note, { colour: 'sky', tags: ['a', 'b'], x: 40 }));
    const after = content(ana);
    expect(ana.canUndo()).toBe('Colour');
    expect(ana.undo()).toEqual({ label: 'Colour', ids: [note], kept: [] });
    expect(ana.get(note)).toMatchObject({ colour: 'butter', tags: [], x: 0 });
    expect(ana.canRedo()).toBe('Colour');
    expect(ana.redo()).toEqual({ label: 'Colour', ids: [note], kept: [] });
    expect(content(ana)).toEqual(after);
    expect(ana.canRedo()).toBeNull();
  });

  test('what somebody else changed afterwards stays and is told; the rest goes back', () => {
    const { ana, ben, note } = two();
    ana.edit('Change', (edit) => edit.set(note, { colour: 'sky', x: 40 }));
    ben.edit('Mine', (edit) => edit.set(note, { colour: 'rose' }));
    expect(ana.undo()).toEqual({ label: 'Change', ids: [note], kept: [note] });
    expect(ana.get(note)).toMatchObject({ colour: 'rose', x: 0 });
    expect(ana.redo()).toEqual({ label: 'Change', ids: [note], kept: [] });
    expect(ana.get(note)).toMatchObject({ colour: 'rose', x: 40 });
  });

  test('the same value written by somebody else is theirs', () => {
    const { ana, ben, note } = two();
    ana.edit('Colour', (edit) => edit.set(note, { colour: 'sky' }));
    ben.edit('Mine', (edit) => edit.set(note, { colour: 'rose' }));
    ben.edit('Mine', (edit) => edit.set(note, { colour: 'sky' }));
    expect(ana.undo()).toEqual({ label: 'Colour', ids: [], kept: [note] });
    expect(ana.get(note)?.colour).toBe('sky');
  });

  test('a chain of own changes goes all the way back and forth', () => {
    const { ana, note } = two();
    const colours = ['sky', 'rose', 'sky', 'mint', 'butter', 'sky'] as const;
    for (const colour of colours) ana.edit('Colour', (edit) => edit.set(note, { colour }));
    for (const colour of ['butter', 'mint', 'sky', 'rose', 'sky', 'butter']) {
      expect(ana.undo()?.kept).toEqual([]);
      expect(ana.get(note)?.colour).toBe(colour);
    }
    for (const colour of colours) {
      expect(ana.redo()?.kept).toEqual([]);
      expect(ana.get(note)?.colour).toBe(colour);
    }
  });

  test('the legend, reactions and tags are steps too', () => {
    const { ana, ben, note } = two();
    ana.edit('Legend', (edit) => edit.setLegend('sky', 'Problem'));
    ana.edit('Support', (edit) => edit.react(note, '👍', true));
    expect(ben.get(note)?.reactions).toEqual(new Map([['👍', ['ana']]]));
    ana.undo();
    expect(ben.get(note)?.reactions.size).toBe(0);
    ana.undo();
    expect(ben.legend().size).toBe(0);
    ana.redo();
    expect(ben.legend().get('sky')).toBe('Problem');
  });

  test('a new step ends redo; steps are bounded', () => {
    const { ana, note } = two();
    for (let x = 1; x <= 250; x++) ana.edit('Move', (edit) => edit.set(note, { x }));
    ana.undo();
    ana.edit('Move', (edit) => edit.set(note, { x: 1_000 }));
    expect(ana.redo()).toBeNull();
    let steps = 0;
    while (ana.undo() !== null) steps++;
    expect(steps).toBe(200);
    expect(ana.get(note)?.x).toBe(50);
  });

  test('on something that somebody else removed nothing is changed', () => {
    const { ana, ben, note } = two();
    ana.edit('Colour', (edit) => edit.set(note, { colour: 'sky' }));
    ben.edit('Remove', (edit) => edit.remove(note));
    expect(ana.undo()).toEqual({ label: 'Colour', ids: [], kept: [note] });
    ben.undo();
    expect(ana.get(note)?.colour).toBe('sky');
  });
});

describe('making and removing', () => {
  test('what nobody else touched is gone after undo and there again after redo', () => {
    const { ana, ben, note } = two();
    const before = content(ben);
    expect(ana.undo()).toEqual({ label: 'Add a note', ids: [note], kept: [] });
    expect(ben.get(note)).toBeUndefined();
    expect(ana.redo()).toEqual({ label: 'Add a note', ids: [note], kept: [] });
    expect(content(ben)).toEqual(before);
    ana.undo();
    expect(ben.all()).toEqual([]);
  });

  const touches: Record<string, (board: ReturnType<typeof two>['ben'], note: ObjectId) => void> = {
    words: (ben, note) => ben.edit('Write', (edit) => edit.setText(note, 'Tea and milk')),
    'a value': (ben, note) => ben.edit('Move', (edit) => edit.set(note, { x: 3 })),
    'a reaction': (ben, note) => ben.edit('Support', (edit) => edit.react(note, '👍', true)),
    'a tag': (ben, note) => ben.edit('Tag', (edit) => edit.set(note, { tags: ['x'] })),
    'a connector': (ben, note) => {
      ben.edit('Connect', (edit) => edit.add({ kind: 'connector', start: { object: note, x: 0, y: 0 }, end: { object: null, x: 9, y: 9 } }));
    },
    'a member': (ben, note) => void ben.edit('Put in', (edit) => edit.add({ kind: 'note', parent: note })),
  };
  test.each(Object.entries(touches))('%s by somebody else keeps what was made', (_, touch) => {
    const { ana, ben, note } = two();
    touch(ben, note);
    expect(ana.undo()).toEqual({ label: 'Add a note', ids: [], kept: [note] });
    expect(ana.get(note)).toBeDefined();
    expect(ana.redo()).toBeNull();
  });

  test('removing is undone for the object and its connectors, unless somebody else removed it too', () => {
    const { ana, ben, note } = two();
    const wire = ana.edit('Connect', (edit) =>
      edit.add({ kind: 'connector', start: { object: note, x: 0, y: 0 }, end: { object: null, x: 9, y: 9 } }),
    );
    ana.edit('Remove', (edit) => edit.remove(note));
    ben.text(note);
    expect(ben.all()).toEqual([]);
    expect(new Set(ana.undo()?.ids)).toEqual(new Set([note, wire]));
    expect(ben.all()).toHaveLength(2);
    ana.redo();
    ben.doc.getMap('objects').set(`${note}/gone`, { by: 'ben', at: '2026-11-23T12:05Z' });
    expect(ana.undo()).toMatchObject({ kept: [note] });
    expect(ana.get(note)).toBeUndefined();
  });

  test('words that others type into it while it is removed are there when it comes back', () => {
    const { ana, ben, note } = two();
    ana.edit('Remove', (edit) => edit.remove(note));
    const text = ben.doc.getMap('objects').get(`${note}/text`) as NonNullable<ReturnType<typeof ben.text>>;
    text.insert(3, ' and milk');
    ana.undo();
    expect(ana.get(note)?.text).toBe('Tea and milk');
  });

  test('two hundred pasted notes are one step', () => {
    const { ana, ben } = two();
    ana.edit('Paste', (edit) => {
      for (let at = 0; at < 200; at++) edit.add({ kind: 'note', text: `${at}` });
    });
    expect(ben.all()).toHaveLength(201);
    expect(ana.undo()?.ids).toHaveLength(200);
    expect(ben.all()).toHaveLength(1);
    expect(ana.redo()?.ids).toHaveLength(200);
    expect(ben.all()).toHaveLength(201);
  });
});

describe('text', () => {
  test('typing without a pause is one step, a pause begins another', () => {
    const { now, ana, note } = two();
    for (const text of ['Tea r', 'Tea ro', 'Tea round']) {
      ana.edit('Write', (edit) => edit.setText(note, text));
      now.pass(1_000);
    }
    now.pass(1_000);
    ana.edit('Write', (edit) => edit.setText(note, 'Tea round at ten'));
    expect(ana.undo()).toEqual({ label: 'Write', ids: [note], kept: [] });
    expect(ana.get(note)?.text).toBe('Tea round');
    ana.undo();
    expect(ana.get(note)?.text).toBe('Tea');
    ana.redo();
    ana.redo();
    expect(ana.get(note)?.text).toBe('Tea round at ten');
  });

  test('others’ words stay whatever is undone or done again', () => {
    const { ana, ben, note } = two();
    ana.edit('Write', (edit) => edit.setText(note, 'Tea at ten in the ward'));
    ben.edit('Write', (edit) => edit.setText(note, 'Tea at half past ten in the ward'));
    ana.undo();
    expect(ana.get(note)?.text).toBe('Teahalf past ');
    ana.redo();
    expect(ana.get(note)?.text).toBe('Tea at half past ten in the ward');
    ben.undo();
    expect(ana.get(note)?.text).toBe('Tea at ten in the ward');
  });

  test('text and values of one edit are one step, in order with the others', () => {
    const { ana, note } = two();
    ana.edit('First', (edit) => edit.set(note, { x: 1 }));
    ana.edit('Both', (edit) => {
      edit.setText(note, 'Coffee');
      edit.set(note, { colour: 'sky' });
    });
    ana.edit('Last', (edit) => edit.set(note, { x: 2 }));
    ana.undo();
    expect(ana.get(note)).toMatchObject({ x: 1, text: 'Coffee', colour: 'sky' });
    ana.undo();
    expect(ana.get(note)).toMatchObject({ x: 1, text: 'Tea', colour: 'butter' });
    ana.redo();
    ana.redo();
    expect(ana.get(note)).toMatchObject({ x: 2, text: 'Coffee', colour: 'sky' });
  });

  test('text that was written together with what was made goes and comes with it', () => {
    const { ana, ben } = two();
    const [made, older] = ana.edit('Split', (edit) => {
      const older = ana.all()[0]!.id;
      edit.setText(older, 'T');
      const made = edit.add({ kind: 'note', text: 'one' });
      edit.setText(made, 'one two');
      return [made, older];
    });
    ana.edit('Write', (edit) => edit.setText(made, 'one two three'));
    ana.undo();
    ben.edit('Write', (edit) => edit.setText(made, 'one two four'));
    expect(ana.undo()).toEqual({ label: 'Split', ids: [older], kept: [made] });
    expect(ana.get(made)?.text).toBe('one two four');
    expect(ana.get(older)?.text).toBe('Tea');
  });

  test('characters outside the first plane are never cut in half', () => {
    const { ana, ben, note } = two();
    for (const text of ['a😀b', 'a😁b', 'a😁😀b', '😀', '']) {
      ana.edit('Write', (edit) => edit.setText(note, text));
      expect(ben.get(note)?.text).toBe(text);
    }
  });
});

describe('gestures', () => {
  test('a drag is one step; another’s step in between stays', () => {
    const { ana, ben, note } = two();
    const drag = ana.gesture('Move');
    for (let x = 1; x < 10; x++) drag.edit((edit) => edit.set(note, { x }));
    ben.edit('Colour', (edit) => edit.set(note, { colour: 'rose' }));
    drag.edit((edit) => edit.set(note, { x: 50 }));
    drag.done();
    expect(ana.undo()).toEqual({ label: 'Move', ids: [note], kept: [] });
    expect(ana.get(note)).toMatchObject({ x: 0, colour: 'rose' });
    ana.redo();
    expect(ana.get(note)?.x).toBe(50);
  });

  test('cancel puts everything back and leaves no step, and redo as it was', () => {
    const { ana, note } = two();
    ana.edit('Colour', (edit) => edit.set(note, { colour: 'sky' }));
    ana.undo();
    const before = content(ana);
    const gesture = ana.gesture('Move');
    gesture.edit((edit) => {
      edit.set(note, { x: 70, tags: ['a'] });
      edit.setText(note, 'Something else');
      edit.add({ kind: 'note', text: 'New' });
    });
    gesture.cancel();
    expect(content(ana)).toEqual(before);
    expect(ana.canUndo()).toBe('Add a note');
    expect(ana.canRedo()).toBe('Colour');
  });

  test('a new note left empty leaves no step and is not offered again', () => {
    const { ana } = two();
    const gesture = ana.gesture('Add a note');
    gesture.edit((edit) => edit.add({ kind: 'note' }));
    gesture.cancel();
    expect(ana.all()).toHaveLength(1);
    expect(ana.removed()).toEqual([]);
    const other = ana.gesture('Add a note');
    const id = other.edit((edit) => edit.add({ kind: 'note' }));
    other.edit((edit) => edit.remove(id));
    other.done();
    ana.undo();
    expect(ana.canUndo()).toBeNull();
  });

  test('dragged there and back is no step, and earlier steps can still be undone', () => {
    const { ana, note } = two();
    ana.edit('Move', (edit) => edit.set(note, { x: 5 }));
    const drag = ana.gesture('Drag');
    drag.edit((edit) => edit.set(note, { x: 6 }));
    drag.edit((edit) => edit.set(note, { x: 5 }));
    drag.done();
    expect(ana.undo()).toEqual({ label: 'Move', ids: [note], kept: [] });
    expect(ana.get(note)?.x).toBe(0);
  });

  test('undo during a gesture ends it and takes it back; going on begins another step', () => {
    const { ana, note } = two();
    const typing = ana.gesture('Write');
    typing.edit((edit) => edit.setText(note, 'Tea r'));
    expect(ana.canUndo()).toBe('Write');
    expect(ana.undo()).toMatchObject({ label: 'Write' });
    typing.edit((edit) => edit.setText(note, 'Tea s'));
    typing.done();
    ana.undo();
    expect(ana.get(note)?.text).toBe('Tea');
  });

  test('when somebody moved it meanwhile, theirs is what comes back', () => {
    const { ana, ben, note } = two();
    const drag = ana.gesture('Move');
    drag.edit((edit) => edit.set(note, { x: 10 }));
    ben.edit('Move', (edit) => edit.set(note, { x: 99 }));
    drag.edit((edit) => edit.set(note, { x: 20 }));
    drag.cancel();
    expect(ana.get(note)?.x).toBe(99);
  });
});

describe('touched by others', () => {
  test('words, colour, tags and reactions count, being moved does not', () => {
    const { ana, ben, note } = two();
    expect(ana.touchedByOthers(note)).toBe(false);
    expect(ben.touchedByOthers(note)).toBe(true);
    ben.edit('Tidy', (edit) => edit.set(note, { x: 9 }));
    expect(ana.touchedByOthers(note)).toBe(false);
    ben.edit('Support', (edit) => edit.react(note, '👍', true));
    expect(ana.touchedByOthers(note)).toBe(true);
    ben.undo();
    expect(ana.touchedByOthers(note)).toBe(false);
    ben.edit('Write', (edit) => edit.setText(note, 'Tea!'));
    expect(ana.touchedByOthers(note)).toBe(true);
  });
});
