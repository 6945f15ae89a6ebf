/** For whoever looks into a page's console: something went wrong that the page itself could get over. */
export function warn(what: string, cause: unknown): void {
  // biome-ignore lint/suspicious/noConsole: this is the one place that writes there
  console.warn(what, cause);
}
