/** What page this is: the window's title, and the heading that takes focus when the page is opened. */
import { useEffect, type ReactNode } from 'react';

/** `place` is where the page stands, e.g. the challenge or the lab. */
export function usePageTitle(page: string, place?: string): void {
  useEffect(() => {
    document.title = place && place !== page ? `${page} · ${place}` : page;
  }, [page, place]);
}

export function PageHeading({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <h1 tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
