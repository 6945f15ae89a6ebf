// The same scene for every page that is measured: notes in a loose grid, six to fourteen words each, and connectors.

export interface BenchNote {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly text: string;
  readonly colour: number;
}

export interface BenchScene {
  readonly notes: readonly BenchNote[];
  readonly links: readonly { readonly from: string; readonly to: string }[];
  readonly bounds: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

const WORDS = `ward bed home medicine nurse round early list patient ready pharmacy time carer ask before evening order screen
phone update tray today tomorrow lounge transport letter check bag door owner name people waiting result blood test scan
doctor shift handover board note plan review discharge summary family visit lunch taxi chair quiet call again`.split(/\s+/);

export function benchScene(count: number, links = 300): BenchScene {
  const chance = generator(20_261);
  const columns = Math.ceil(Math.sqrt(count * 1.2));
  const notes = Array.from({ length: count }, (_, at): BenchNote => {
    const words = 6 + Math.floor(chance() * 9);
    return {
      id: `note${String(at).padStart(8, '0')}`,
      x: (at % columns) * 230 + Math.round(chance() * 20),
      y: Math.floor(at / columns) * 190 + Math.round(chance() * 20),
      w: 160 + Math.round(chance() * 40),
      h: 120,
      text: Array.from({ length: words }, () => WORDS[Math.floor(chance() * WORDS.length)]).join(' '),
      colour: Math.floor(chance() * 7),
    };
  });
  const pairs = Array.from({ length: count > 1 ? links : 0 }, () => {
    const from = Math.floor(chance() * (count - 1));
    const step = chance() < 0.6 ? 1 : columns;
    return { from: notes[from]!.id, to: notes[Math.min(count - 1, from + step)]!.id };
  }).filter(({ from, to }) => from !== to);
  return { notes, links: pairs, bounds: { x: 0, y: 0, w: columns * 230, h: Math.ceil(count / columns) * 190 } };
}

/** The same numbers on every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
