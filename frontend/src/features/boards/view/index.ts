export { createView, type ViewOptions } from './view';
export { OPEN, permitFor, type AreaRule, type Role, type Rules, type Standing, type Whom } from './permit';
export { areaOf, areasInOrder, around, nearest, neighbour, walk, walkAll } from './places';
export { called, counted, excerpt, nameOf } from './naming';
export type * from './types';
