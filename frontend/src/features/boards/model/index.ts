// The board's model: everything about what lies on a board that is neither drawn nor clicked.
export { openBoard } from './board';
export type { Person } from './person';
export * from './types';
export { between } from './order';
export { readingOrder, rows } from './reading';
export { around } from './catalogue';
export { distanceFrom, pointOn, type Side, type Wire, wireBetween, wireBox, wireOf } from './wire';
export { SIZES } from './edits';
export { type Alignment, align, distribute, grid, inGrid, type Moves, type Placed, tidy } from './arrange';
export { duplicates, find, inOrder } from './search';
export { freeCorner, type Group, type GroupBy, type GroupPlan, groups, makeGroups, type Naming, planGroups } from './grouping';
export { type Flavours, MANY_LINES, MOST_PASTED, MOST_PASTED_OBJECTS, type Pasted, readPasted, tableTexts, toFlavours, toLines } from './clipboard';
export { type Carried, carry, type PutDown, putDown, putLines, putTable } from './carried';
export { difference, type Splice } from './difference';
export { type BoardContent, restore, type Restored } from './restore';
