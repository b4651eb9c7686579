import { Input } from '../ui/field.tsx';
import { t } from '../words/t.ts';

/** Typed once and never shown. */
export function SecretInput({
  value,
  onValue,
  isNew = false,
  hint = isNew ? t('sealed when you save') : t('sealed, and kept'),
  ...rest
}: {
  value: string;
  onValue(value: string): void;
  isNew?: boolean;
  /** What stands in it while it is empty. */
  hint?: string;
  'data-begin'?: boolean;
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
      placeholder={hint}
      value={value}
      onChange={({ target }) => onValue(target.value)}
    />
  );
}
