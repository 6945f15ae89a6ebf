// Watches a page from outside, whichever board it holds: its frames, and when it first answered a hand.
// A page says where its camera is, as soon as its scene is drawn, in `window.cameraOfBoard()`: null before that.
(() => {
  let deltas = [];
  let before = 0;
  let last = 0;
  let done = null;

  const step = (now) => {
    if (before !== 0) deltas.push(now - before);
    before = now;
    if (last !== 0 && now >= last) done(deltas);
    else requestAnimationFrame(step);
  };

  let turns = [];
  let earlier = [];
  let rest = null;
  let answered = 0;
  addEventListener('wheel', (event) => turns.push(event), { capture: true, passive: true });
  const look = () => {
    if (answered !== 0) return;
    const camera = window.cameraOfBoard?.() ?? null;
    // Somebody took the turn for theirs, and the camera went, in the same frame or the next. This is seen in the frame
    // after the one that drew it: by now it is on the screen.
    const taken = [...earlier, ...turns].some((event) => event.defaultPrevented);
    if (taken && rest !== null && camera !== null && camera !== rest) answered = performance.now();
    rest = camera;
    earlier = turns;
    turns = [];
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  window.witness = {
    begin() {
      deltas = [];
      before = last = 0;
      requestAnimationFrame(step);
    },
    // What the end of a movement costs belongs to it: some time, and the frame that is under way then.
    end(tail) {
      return new Promise((resolve) => {
        done = resolve;
        last = performance.now() + tail;
      });
    },
    answered: () => answered,
  };
})();
