export { type CursorChat, cursorChat, type Said } from './chat';
export { type Following, followOthers } from './following';
export { type Hearing, hearOthers } from './hearing';
export { type Interest, tellNews } from './news';
export type { Heard, Told } from './state';
export { type Telling, tellOthers } from './telling';
