import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

const looks = {
  // In colours of the system's own there is no blue to know it by.
  primary:
    'bg-accent text-accent-ink hover:bg-accent-strong forced-colors:border forced-colors:bg-[ButtonFace] forced-colors:text-[ButtonText]',
  plain: 'border border-line-strong/70 bg-surface text-ink hover:bg-hover',
  quiet: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'border border-bad/40 bg-bad-soft text-bad hover:border-bad',
} as const;

const sizes = { md: 'h-9 px-3.5', sm: 'h-8 px-2.5 text-[13px]', icon: 'size-9 justify-center' } as const;

export const buttonClass = (look: keyof typeof looks = 'plain', size: keyof typeof sizes = 'md'): string =>
  cx(
    'inline-flex shrink-0 select-none items-center gap-2 whitespace-nowrap rounded-md font-medium transition-colors',
    'disabled:opacity-50 data-[disabled]:opacity-50',
    looks[look],
    sizes[size],
  );

export type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  /** What it does goes on: it cannot be pressed, and says so. */
  busy?: boolean;
  icon?: ReactNode;
};

export function Button({
  look,
  size,
  busy = false,
  icon,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <BaseButton
      type="button"
      className={cx(buttonClass(look, size), className)}
      disabled={disabled === true || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </BaseButton>
  );
}

const Spinner = () => (
  <span
    aria-hidden="true"
    className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent"
  />
);
