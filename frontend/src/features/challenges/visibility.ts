/** Who can see a challenge, as a choice in words. */
export type WhoSees = 'invited' | 'lab';

export const WHO_SEES: readonly { value: WhoSees; label: string; hint: string }[] = [
  { value: 'invited', label: 'Only people who are invited', hint: 'And staff of the lab.' },
  { value: 'lab', label: 'Everyone in the lab', hint: 'Each with the role they have in the lab. Guests still need an invitation.' },
];
