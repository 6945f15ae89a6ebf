/** A moment as people say it: "5 min ago", "yesterday", "Friday", "3 December". The exact time is its tooltip. */
const DAY = 86_400_000;

export function When({ at }: { at: string }) {
  const moment = new Date(at);
  return (
    <time dateTime={at} title={moment.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'short' })}>
      {inWords(moment, new Date())}
    </time>
  );
}

export function inWords(moment: Date, now: Date): string {
  const ago = now.getTime() - moment.getTime();
  if (ago < 0) return `on ${day(moment, now)}`;
  if (ago < 60_000) return 'just now';
  if (ago < 60 * 60_000) return `${Math.floor(ago / 60_000)} min ago`;
  const days = Math.round((midnight(now) - midnight(moment)) / DAY);
  if (days === 0) return `${Math.floor(ago / 3_600_000)} h ago`;
  if (days === 1) return 'yesterday';
  if (days < 7) return moment.toLocaleDateString('en-GB', { weekday: 'long' });
  return day(moment, now);
}

/** A day and time to come: "Friday 5 December, 14:05". */
export function onDate(at: string): string {
  return new Date(at).toLocaleString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
}

function day(moment: Date, now: Date): string {
  const year = moment.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year });
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
