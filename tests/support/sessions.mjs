/**
 * Replicas in Yjs, for comparison with the server's library: told line by line on standard input what to do, as
 * tests/property/test_two_languages.py says, and answering on standard output.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const Y = require('yjs');

const points = (text) => [...text.toString()];
/** UTF-16 units before the code point at this place. */
const units = (text, at) => points(text).slice(0, at).join('').length;
const place = (share, size) => Math.floor(share * (size + 1));

function holder(doc, path) {
  const map = doc.getMap('map');
  return { text: () => doc.getText('text'), list: () => doc.getArray('list'), map: () => map, xml: () => doc.getXmlFragment('xml'),
    inner: () => map.get(path.key) }[path.root]();
}

function fresh(kind) {
  return kind === 'text' ? new Y.Text() : kind === 'list' ? new Y.Array() : new Y.Map();
}

function edit(doc, step) {
  const target = holder(doc, step);
  switch (step.do) {
    case 'insert text': {
      if (!(target instanceof Y.Text)) return;
      target.insert(units(target, place(step.at, points(target).length)), step.what);
      return;
    }
    case 'delete text': {
      if (!(target instanceof Y.Text)) return;
      const all = points(target), from = place(step.at, all.length), gone = all.slice(from, from + step.count).join('').length;
      if (gone > 0) target.delete(units(target, from), gone);
      return;
    }
    case 'format text': {
      if (!(target instanceof Y.Text)) return;
      const all = points(target), from = place(step.at, all.length), size = all.slice(from, from + step.count).join('').length;
      if (size > 0) target.format(units(target, from), size, { [step.mark]: step.on_ });
      return;
    }
    case 'insert value': {
      if (!(target instanceof Y.Array)) return;
      target.insert(place(step.at, target.length), [step.what]);
      return;
    }
    case 'insert type': {
      if (!(target instanceof Y.Array)) return;
      target.insert(place(step.at, target.length), [fresh(step.what)]);
      return;
    }
    case 'delete value': {
      if (!(target instanceof Y.Array)) return;
      const from = place(step.at, target.length), size = Math.min(step.count, target.length - from);
      if (size > 0) target.delete(from, size);
      return;
    }
    case 'set value':
      if (target instanceof Y.Map) target.set(step.entry, step.what);
      return;
    case 'set type':
      if (target instanceof Y.Map) target.set(step.entry, fresh(step.what));
      return;
    case 'delete entry':
      if (target instanceof Y.Map && target.has(step.entry)) target.delete(step.entry);
      return;
    case 'insert element':
      target.insert(place(step.at, target.length), [new Y.XmlElement(step.what)]);
      return;
    case 'insert words': {
      const text = new Y.XmlText();
      text.insert(0, step.what);
      target.insert(place(step.at, target.length), [text]);
      return;
    }
    case 'set attribute': {
      const node = target.length ? target.get(Math.min(place(step.at, target.length), target.length - 1)) : null;
      if (node instanceof Y.XmlElement) node.setAttribute(step.entry, step.what);
      return;
    }
    case 'delete node': {
      const from = place(step.at, target.length);
      if (from < target.length) target.delete(from, 1);
      return;
    }
  }
}

const sorted = (object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));

function runs(text) {
  const found = [];
  for (const { insert, attributes } of text.toDelta()) {
    const marks = sorted(attributes ?? {});
    const last = found.at(-1);
    if (last && JSON.stringify(last[1]) === JSON.stringify(marks)) last[0] += insert;
    else found.push([insert, marks]);
  }
  return found;
}

function shown(value) {
  if (value instanceof Y.XmlElement) return ['element', value.nodeName, sorted(value.getAttributes()), value.toArray().map(shown)];
  if (value instanceof Y.XmlText || value instanceof Y.Text) return ['text', runs(value)];
  if (value instanceof Y.XmlFragment) return value.toArray().map(shown);
  if (value instanceof Y.Array) return value.toArray().map(shown);
  if (value instanceof Y.Map) return sorted(Object.fromEntries([...value.entries()].map(([key, held]) => [key, shown(held)])));
  return value;
}

const holds = (doc) => [shown(doc.getText('text')), shown(doc.getArray('list')), shown(doc.getMap('map')), shown(doc.getXmlFragment('xml'))];

let docs = [];
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.begin) {
    docs = told.begin.map((id) => {
      const doc = new Y.Doc();
      doc.clientID = id;
      holds(doc);
      return doc;
    });
  } else if (told.edit) {
    const doc = docs[told.edit.on], before = Y.encodeStateVector(doc);
    doc.transact(() => edit(doc, told.edit));
    console.log(JSON.stringify(Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('hex')));
  } else if (told.take) {
    Y.applyUpdate(docs[told.on], Buffer.from(told.take, 'hex'));
  } else if (told.send) {
    const { on, to } = told.send;
    Y.applyUpdate(docs[to], Y.encodeStateAsUpdate(docs[on], Y.encodeStateVector(docs[to])));
  } else {
    const updates = docs.map((doc) => Buffer.from(Y.encodeStateAsUpdate(doc)).toString('hex'));
    console.log(JSON.stringify({ holds: docs.map(holds), updates }));
  }
}
