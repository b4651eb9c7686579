import { Field, Input } from '../ui/field.tsx';

/** A password that is to be set. */
export const NewPassword = ({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
}) => (
  <Field label={label} hint="At least 12 characters.">
    {(props) => (
      <Input
        {...props}
        type="password"
        required
        minLength={12}
        maxLength={200}
        autoComplete="new-password"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
