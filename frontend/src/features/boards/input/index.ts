export { attachInput, type BoardInput, type InputOptions } from './attach';
