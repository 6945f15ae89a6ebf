// For live regions: a text that changes at most once in a while, and that ends on what is true.
import { useEffect, useRef, useState } from 'react';

/**
 * `text` as it should be spoken: empty while there is nothing new, the newest text otherwise, at most once in `gap`
 * milliseconds. `expected` is what nobody needs to hear first. `null` is never spoken, and forgets what was waiting.
 */
export function useSeldom(text: string | null, gap: number, expected: string): string {
  const [spoken, setSpoken] = useState('');
  const lastText = useRef(expected);
  const lastTime = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (text === null || text === lastText.current) return;
    const wait = Math.max(0, lastTime.current + gap - performance.now());
    const timer = setTimeout(() => {
      lastText.current = text;
      lastTime.current = performance.now();
      setSpoken(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, gap]);
  return spoken;
}
