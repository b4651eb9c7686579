import { Input } from '../ui/field.tsx';

/** Typed once and never shown. */
export function SecretInput({
  value,
  onValue,
  isNew = false,
  ...rest
}: {
  value: string;
  onValue(value: string): void;
  isNew?: boolean;
  id?: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean;
}) {
  return (
    <Input
      {...rest}
      type="password"
      autoComplete="new-password"
      placeholder={isNew ? 'sealed when you save' : 'sealed, and kept'}
      value={value}
      onChange={({ target }) => onValue(target.value)}
    />
  );
}
