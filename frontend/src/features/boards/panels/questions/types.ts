import type { ObjectId } from '../../model/types';

export interface QuestionProps {
  /** What it is about. */
  readonly ids: readonly ObjectId[];
  readonly payload?: unknown;
  onClose(): void;
}
