export { attachInput, type BoardInput, type InputOptions } from './attach';
export type { Picture } from './transfer';
