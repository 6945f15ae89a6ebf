/** One polite live region for the whole page: what is said here is read out when the reader is next idle. */
const REGION = 'announcements';
const CLEAR_AFTER = 7_000;

/** Several calls in one moment are read as one message, in order. */
export function announce(text: string): void {
  const line = document.createElement('p');
  line.textContent = text;
  region().append(line);
  setTimeout(() => line.remove(), CLEAR_AFTER);
}

function region(): HTMLElement {
  const found = document.getElementById(REGION);
  if (found) return found;
  const made = document.createElement('div');
  made.id = REGION;
  made.className = 'vh';
  made.setAttribute('role', 'status');
  made.setAttribute('aria-live', 'polite');
  // Modal dialogs hide what is outside them from screen readers; React Aria spares elements marked so.
  made.setAttribute('data-live-announcer', 'true');
  document.body.append(made);
  return made;
}
