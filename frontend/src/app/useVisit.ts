/** Tells the lab when somebody leaves it, from whichever page: "since you were last here" counts from there. */
import { useEffect } from 'react';
import { api } from '../api/client';

export function useVisit(signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn) return;
    // A phone may end a page that is out of sight without another word. The lab takes what follows soon for one visit.
    const leave = () => {
      if (document.visibilityState === 'hidden') api.parting('/api/lab/seen');
    };
    document.addEventListener('visibilitychange', leave);
    return () => document.removeEventListener('visibilitychange', leave);
  }, [signedIn]);
}
