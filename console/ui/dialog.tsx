import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, useRef } from 'react';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { X } from './icons.tsx';

const backdrop =
  'fixed inset-0 bg-backdrop transition-opacity data-[starting-style]:opacity-0 data-[ending-style]:opacity-0';
const popup = cx(
  'fixed left-1/2 z-10 flex max-h-[88dvh] w-[min(calc(100vw-1.5rem),var(--dialog-width))] -translate-x-1/2 flex-col',
  'rounded-xl border border-line bg-raised shadow-pop outline-none transition-[opacity,transform]',
  'data-[starting-style]:translate-y-2 data-[starting-style]:opacity-0 data-[ending-style]:opacity-0',
);
const widths = {
  md: '[--dialog-width:34rem]',
  lg: '[--dialog-width:48rem]',
  xl: '[--dialog-width:68rem]',
} as const;

/** What is to be filled in comes before the way out; of several, what says that it is begun with. */
const beginOf = (body: HTMLElement | null) =>
  body?.querySelector<HTMLElement>('[data-begin]') ??
  body?.querySelector<HTMLElement>('input, select, textarea') ??
  true;

/** A window over the page. Escape, the cross and a click beside it close it, unless it `isKept`. */
export function Dialog({
  open,
  onClose,
  title,
  lead,
  children,
  footer,
  width = 'md',
  isKept = false,
}: {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  width?: keyof typeof widths;
  /** What it shows is shown once: nothing but its own buttons closes it. */
  isKept?: boolean;
}) {
  const body = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(isOpen) => (isOpen || isKept ? undefined : onClose())}
      disablePointerDismissal={isKept}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdrop} />
        <BaseDialog.Popup
          className={cx(popup, widths[width], 'top-[6dvh]')}
          initialFocus={() => beginOf(body.current)}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0">
              <BaseDialog.Title className="text-base font-semibold">{title}</BaseDialog.Title>
              {lead ? (
                <BaseDialog.Description render={<div />} className="mt-0.5 text-ink-2">
                  {lead}
                </BaseDialog.Description>
              ) : null}
            </div>
            {isKept ? null : (
              <BaseDialog.Close
                aria-label={t('Close')}
                render={<Button look="quiet" size="icon" className="-mt-1 -mr-2" />}
              >
                <X className="size-4" />
              </BaseDialog.Close>
            )}
          </div>
          <div ref={body} className="-mt-1 min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">
            {children}
          </div>
          {footer ? (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
          ) : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Asks before something is lost. */
export function Confirm({
  open,
  onClose,
  onConfirm,
  title,
  children,
  verb,
  keep = t('Keep it'),
  busy = false,
}: {
  open: boolean;
  onClose(): void;
  onConfirm(): void;
  title: string;
  children: ReactNode;
  /** What the button does, in a word; left out, there is none. */
  verb?: string;
  /** The way out without a loss. */
  keep?: string;
  busy?: boolean;
}) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={cx(popup, '[--dialog-width:28rem] top-[18dvh]')}>
          <div className="space-y-2 px-5 pt-5 pb-4">
            <AlertDialog.Title className="text-base font-semibold">{title}</AlertDialog.Title>
            <AlertDialog.Description render={<div />} className="text-ink-2">
              {children}
            </AlertDialog.Description>
          </div>
          <div className="flex justify-end gap-2 px-5 pb-4">
            <AlertDialog.Close render={<Button />}>{keep}</AlertDialog.Close>
            {verb === undefined ? null : (
              <Button look="danger" busy={busy} onClick={onConfirm}>
                {verb}
              </Button>
            )}
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
