/** The lab's mark: two papers overlapping, ink where they meet. */
export function Mark() {
  return (
    <svg viewBox="0 0 28 28" aria-hidden="true">
      <rect x="3" y="7" width="15" height="15" rx="2.5" fill="var(--act)" />
      <rect x="11" y="4" width="14" height="14" rx="2.5" fill="var(--time)" />
      <path d="M11 7h4.5A2.5 2.5 0 0 1 18 9.5V18h-4.5A2.5 2.5 0 0 1 11 15.5Z" fill="var(--ink)" />
    </svg>
  );
}
