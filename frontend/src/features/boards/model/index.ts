// The board's model: everything about what lies on a board that is neither drawn nor clicked.
export { openBoard } from './board';
export type { Person } from './person';
export * from './types';
export { between } from './order';
export { readingOrder, rows } from './reading';
export { around } from './catalogue';
export { distanceFrom, pointOn, type Side, type Wire, wireBetween, wireBox, wireOf } from './wire';
export { SIZES } from './edits';
