/** Class names that apply, as one string. */
export function names(...classes: (string | false | null | undefined)[]): string {
  return classes.filter(Boolean).join(' ');
}
