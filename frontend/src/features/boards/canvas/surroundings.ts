// Surroundings: what the page around the board tells it — its size, the screen's pixels, the wish for stillness, fonts.
import { forgetBaselines } from './baseline';
import { matches } from './palette';
import type { Typesetter } from './typeset';

const STILL = '(prefers-reduced-motion: reduce)';
const FONT_WAIT_MS = 1_500;
const FACES = ['400 16px', '600 16px', '700 16px', 'italic 400 16px'];

/** Calls at once, and whenever the host's size or the screen's pixel ratio becomes another. */
export function watchSize(host: HTMLElement, changed: (w: number, h: number, ratio: number) => void): () => void {
  const measure = () => changed(host.clientWidth, host.clientHeight, window.devicePixelRatio || 1);
  measure();
  if (typeof ResizeObserver === 'undefined') return () => undefined;
  const sizes = new ResizeObserver(measure);
  sizes.observe(host);
  let stop = (): void => undefined;
  // A query holds for one ratio only, so each change asks the next one.
  const watchRatio = () => {
    const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const other = () => {
      stop();
      watchRatio();
      measure();
    };
    query.addEventListener('change', other);
    stop = () => query.removeEventListener('change', other);
  };
  watchRatio();
  return () => {
    sizes.disconnect();
    stop();
  };
}

export function wantsStillness(): boolean {
  return matches(STILL);
}

export function watchStillness(changed: () => void): () => void {
  if (typeof matchMedia !== 'function') return () => undefined;
  const query = matchMedia(STILL);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/**
 * Settles when the face that notes are written in is here: nothing is set in type before, and a face that does not
 * come is not waited for long. `arrived`: later others came, and what was measured was measured in another face.
 */
export async function fontsFor(type: Typesetter, family: string, arrived: () => void): Promise<() => void> {
  const faces = document.fonts as FontFaceSet | undefined;
  if (!faces?.load) return () => undefined;
  const known = new Set<FontFace>();
  const loading = FACES.map(async (face) => {
    for (const loaded of await faces.load(`${face} ${family}`)) known.add(loaded);
  });
  await Promise.race([Promise.allSettled(loading), new Promise((done) => setTimeout(done, FONT_WAIT_MS))]);
  const news = ({ fontfaces }: FontFaceSetLoadEvent) => {
    const fresh = fontfaces.filter((face) => !known.has(face));
    if (fresh.length === 0) return;
    for (const face of fresh) known.add(face);
    type.forget();
    forgetBaselines();
    arrived();
  };
  faces.addEventListener('loadingdone', news);
  return () => faces.removeEventListener('loadingdone', news);
}
