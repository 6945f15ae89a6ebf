/** The stages of a challenge while they are being edited: added, renamed, moved and removed, before they are saved. */
import type { Stage, StageForm } from '../../api/types';

export const MOST_STAGES = 8;
export const LONGEST_STAGE = 40;

export interface StageDraft {
  /** Its key once it has been saved; else one of this page's own. */
  readonly id: string;
  readonly label: string;
  /** Work can only be in a stage that is known to the server. */
  readonly saved: boolean;
}

export interface Draft {
  readonly stages: readonly StageDraft[];
  /** The stage the work is in. */
  readonly current: string;
}

export function draftOf(stages: readonly Stage[], current: string): Draft {
  return { stages: stages.map(({ key, label }) => ({ id: key, label, saved: true })), current };
}

export function renamed(draft: Draft, id: string, label: string): Draft {
  return { ...draft, stages: draft.stages.map((stage) => (stage.id === id ? { ...stage, label } : stage)) };
}

export function added(draft: Draft, id: string): Draft {
  return draft.stages.length < MOST_STAGES ? { ...draft, stages: [...draft.stages, { id, label: '', saved: false }] } : draft;
}

/** One place up (-1) or down (1); at either end it stays. */
export function moved(draft: Draft, id: string, by: -1 | 1): Draft {
  const from = draft.stages.findIndex((stage) => stage.id === id);
  const to = from + by;
  const stages = [...draft.stages];
  const [stage] = stages.splice(from, 1);
  if (from < 0 || to < 0 || to > stages.length || !stage) return draft;
  stages.splice(to, 0, stage);
  return { ...draft, stages };
}

/** Where the work goes when its stage is taken out: the stage before, else the one after. */
export function heir(draft: Draft, id: string): StageDraft | undefined {
  const at = draft.stages.findIndex((stage) => stage.id === id);
  const before = draft.stages.slice(0, at).findLast((stage) => stage.saved);
  return before ?? draft.stages.slice(at + 1).find((stage) => stage.saved);
}

/** A challenge keeps one stage, and its work a stage to be in. */
export function removable(draft: Draft, id: string): boolean {
  return draft.stages.length > 1 && (id !== draft.current || heir(draft, id) !== undefined);
}

export function removed(draft: Draft, id: string): Draft {
  if (!removable(draft, id)) return draft;
  const current = id === draft.current ? (heir(draft, id)?.id ?? draft.current) : draft.current;
  return { stages: draft.stages.filter((stage) => stage.id !== id), current };
}

export function problemWith(draft: Draft, stage: StageDraft): string | null {
  const name = said(stage);
  if (name === '') return 'Each stage needs a name.';
  const twins = draft.stages.filter((other) => said(other).toLowerCase() === name.toLowerCase());
  return twins.length > 1 ? 'Two stages have this name.' : null;
}

export function form(draft: Draft): { stage: string; stages: StageForm[] } {
  return {
    stage: draft.current,
    stages: draft.stages.map((stage) => (stage.saved ? { key: stage.id, label: said(stage) } : { label: said(stage) })),
  };
}

function said(stage: StageDraft): string {
  return stage.label.trim();
}
