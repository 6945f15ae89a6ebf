/** After the lab was updated, a page still open asks for files that are gone: one reload brings the new ones. */
const KEY = 'lab.reloaded-at';
const ONCE_IN = 60_000;

export function reloadWhenReplaced(): void {
  window.addEventListener('vite:preloadError', (event) => {
    try {
      const before = Number(sessionStorage.getItem(KEY));
      if (Date.now() - before < ONCE_IN) return;
      sessionStorage.setItem(KEY, String(Date.now()));
    } catch {
      return; // Nowhere to remember it, so a reload could go on for ever.
    }
    event.preventDefault();
    window.location.reload();
  });
}
