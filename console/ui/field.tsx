import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

export const inputClass = cx(
  'w-full rounded-md border border-line-strong/80 bg-surface px-3 text-ink placeholder:text-ink-3',
  'aria-[invalid=true]:border-bad hover:border-line-strong',
  // On phones a smaller text makes the page zoom in.
  'text-base sm:text-sm',
);

/** A labelled field, what it means, and what is wrong with it. The field is given the ids that tie them together. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  children(props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }): ReactNode;
}) {
  const id = useId();
  const told = error !== undefined || hint !== undefined;
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': told ? `${id}-told` : undefined,
        'aria-invalid': error !== undefined,
      })}
      {told ? (
        <p id={`${id}-told`} className={cx('text-[13px]', error === undefined ? 'text-ink-2' : 'text-bad')}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
}

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input className={cx(inputClass, 'h-9', className)} {...rest} />
);

/** A field of one line with its label; its text is all that a form asks of it. */
export const TextField = ({
  label,
  hint,
  error,
  onText,
  ...rest
}: Omit<ComponentProps<'input'>, 'onChange'> & {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  onText(text: string): void;
}) => (
  <Field label={label} hint={hint} error={error}>
    {(props) => <Input {...props} {...rest} onChange={({ target }) => onText(target.value)} />}
  </Field>
);

export const TextArea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea
    className={cx(inputClass, 'field-sizing-content min-h-20 py-2 leading-relaxed', className)}
    {...rest}
  />
);

export const Select = ({ className, children, ...rest }: ComponentProps<'select'>) => (
  <select className={cx(inputClass, 'h-9 pr-8', className)} {...rest}>
    {children}
  </select>
);
