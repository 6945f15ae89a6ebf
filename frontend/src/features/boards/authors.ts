// What a board may say about who made what, in plain words.
import type { Authors } from './served';

export const AUTHORS: readonly { readonly value: Authors; readonly label: string; readonly hint: string }[] = [
  { value: 'shown', label: 'Shown on every note', hint: 'everybody sees who made what' },
  { value: 'hover', label: 'Shown when asked for', hint: 'on pointing at a note, and in its details' },
  { value: 'hidden', label: 'Not recorded', hint: 'what is written from now on can never be traced to anybody; names of earlier notes are no longer shown' },
];
