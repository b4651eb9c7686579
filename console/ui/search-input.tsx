import { Input } from './field.tsx';
import { Search } from './icons.tsx';

/** Where one types what is looked for. */
export const SearchInput = ({
  label,
  placeholder = label,
  text,
  onText,
}: {
  label: string;
  placeholder?: string;
  text: string;
  onText(text: string): void;
}) => (
  <div className="relative min-w-0 flex-1">
    <Search aria-hidden="true" className="absolute top-2.5 left-2.5 size-4 text-ink-3" />
    <Input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={({ target }) => onText(target.value)}
      className="pl-8"
    />
  </div>
);
