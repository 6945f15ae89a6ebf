/**
 * Whether focus is in there still, or nowhere. What was waited for (the lab's answer, say) may come when the person has
 * long gone on to something else: they are not called back.
 */
export function isStillIn(place: Element | null | undefined): boolean {
  const at = document.activeElement;
  return at === null || at === document.body || (place?.contains(at) ?? false);
}
