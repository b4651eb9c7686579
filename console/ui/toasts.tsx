/** Draws what is said (toast.ts). */
import { Toast } from '@base-ui/react/toast';
import { useEffect } from 'react';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { Check, TriangleAlert, X } from './icons.tsx';
import { Log } from './problem.tsx';
import { type SaidData, showBy } from './toast.ts';

const manager = Toast.createToastManager<SaidData>();

function Shown() {
  const { toasts } = Toast.useToastManager<SaidData>();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="animate-rise rounded-lg border border-line bg-raised shadow-pop data-[ending-style]:opacity-0"
    >
      <Toast.Content className="flex items-start gap-3 p-3.5">
        {toast.type === 'problem' ? (
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
        ) : (
          <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" />
        )}
        <div className="min-w-0 flex-1">
          <Toast.Title className="line-clamp-2 font-medium break-words" />
          <Toast.Description className="line-clamp-3 text-ink-2 break-words" />
          {toast.data?.log === undefined ? null : <Log text={toast.data.log} />}
        </div>
        <Toast.Action className="font-medium text-accent hover:underline" />
        <Toast.Close
          aria-label={t('Dismiss')}
          render={<Button look="quiet" size="icon" className="-my-1.5 -mr-1.5 size-7" />}
        >
          <X className="size-3.5" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

export function Toasts() {
  useEffect(() => showBy((said) => void manager.add(said)), []);
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t('Notices')}
          className="fixed right-3 bottom-3 z-20 flex w-[min(26rem,calc(100vw-1.5rem))] flex-col gap-2 max-md:bottom-18"
        >
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
