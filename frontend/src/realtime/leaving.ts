// The browser's question before a page is left: asked only while it is wanted, as it costs the page its place in the cache.
export class Leaving {
  #asks = false;

  ask(on: boolean): void {
    if (on === this.#asks) return;
    this.#asks = on;
    if (on) window.addEventListener('beforeunload', prevent);
    else window.removeEventListener('beforeunload', prevent);
  }
}

function prevent(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
