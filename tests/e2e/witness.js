// Runs in the page before anything else. Watches the wire and the badge, changes neither, and notes every time
// the badge said "Saved" although something sent on the open socket had not been answered.
(() => {
  const witness = { early: [], saved: [], badges: [] };
  window.witness = witness;
  let wire = null;

  function varuint(bytes, at) {
    let n = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      n += (byte & 127) * factor;
      if (byte < 128) return n;
    }
  }

  window.WebSocket = class extends WebSocket {
    constructor(...rest) {
      super(...rest);
      const mine = { marked: 0, answered: 0, unmarked: false, open: false };
      this.mine = mine;
      this.addEventListener('open', () => {
        mine.open = true;
        wire = mine;
      });
      this.addEventListener('close', () => {
        mine.open = false;
      });
      this.addEventListener('message', ({ data }) => {
        const bytes = new Uint8Array(data);
        if (bytes[0] === 101) mine.answered = Math.max(mine.answered, varuint(bytes, 1));
      });
    }

    send(data) {
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
      if (bytes[0] === 0 && (bytes[1] === 1 || bytes[1] === 2)) this.mine.unmarked = true;
      if (bytes[0] === 100) {
        this.mine.marked = varuint(bytes, 1);
        this.mine.unmarked = false;
      }
      super.send(data);
    }
  };

  let said = null;
  function look() {
    const text = document.querySelector('[data-saved] > span')?.textContent ?? null;
    if (text === said) return;
    said = text;
    witness.badges.push(text);
    if (text !== 'Saved') return;
    if (!wire?.open || wire.unmarked || wire.answered < wire.marked) witness.early.push({ ...wire });
    const note = document.querySelector('textarea')?.value;
    witness.saved.push(document.querySelector('.ProseMirror')?.textContent ?? note ?? '');
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
})();
