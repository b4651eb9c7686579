/** The picture of `icon.svg`, drawn in the page: nothing is asked for it. Beside the name it says nothing more. */
export const Logo = ({ className }: { className: string }) => (
  <svg aria-hidden="true" viewBox="0 0 32 32" className={className}>
    <rect width="32" height="32" rx="8" fill="#1f3a5f" />
    <path d="M5.5 11.5 16 16 5.5 20.5z M26.5 11.5 16 16l10.5 4.5z" fill="#fff" />
    <circle cx="16" cy="16" r="2.6" fill="#e8b04a" />
  </svg>
);
