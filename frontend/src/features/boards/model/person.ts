/** Who edits here. `authors` is the board's setting: hidden means that who made something is not even written down. */
export interface Person {
  readonly id: string;
  readonly authors: 'shown' | 'hover' | 'hidden';
}
