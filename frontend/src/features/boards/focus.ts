/** Is the focus nowhere, or where a dialog puts it when it cannot give it back? */
export function isLost(at: Element | null): boolean {
  return at === null || at === document.body || at.id === 'main';
}
