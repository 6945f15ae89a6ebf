// @vitest-environment node
import { expect, test } from 'vitest';
import { Fuzz } from './testing/fuzz';

// A failure names its seed; run that one alone to see it again.
const SEEDS = Array.from({ length: 25 }, (_, seed) => seed + 1);
const STEPS = 400;

test.each(SEEDS)('three people at one board, undoing: seed %i', (seed) => {
  const fuzz = new Fuzz(seed);
  for (let step = 1; step <= STEPS; step++) {
    fuzz.step();
    if (step % 100 === 0) fuzz.settle();
  }
  expect(fuzz.undone.steps).toBeGreaterThan(10);
}, 60_000);
