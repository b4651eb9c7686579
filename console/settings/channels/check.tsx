/** A switch with what it does. */
export const Check = ({
  label,
  about,
  checked,
  onChange,
}: {
  label: string;
  about?: string;
  checked: boolean;
  onChange(checked: boolean): void;
}) => (
  <label className="flex items-start gap-2">
    <input
      type="checkbox"
      className="mt-0.5 size-4 shrink-0 accent-accent"
      checked={checked}
      onChange={({ target }) => onChange(target.checked)}
    />
    <span className="min-w-0">
      {label}
      {about === undefined ? null : <span className="block text-[13px] text-ink-2">{about}</span>}
    </span>
  </label>
);
