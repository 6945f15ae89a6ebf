export { attachInput, type BoardInput, type InputOptions } from './attach';
export { putPasted, rememberChoice, type PasteQuestion, type TableChoice } from './pasting';
export type { Picture } from './transfer';
