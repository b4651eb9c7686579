import type { Connection } from '../../src/contract/connections.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { cx } from '../ui/cx.ts';
import { TriangleAlert } from '../ui/icons.tsx';
import { t } from '../words/t.ts';

/** What keeps a program from Alfred's own files on this machine, or that nothing does. */
export function Walls({ connection: { walls }, className }: { connection: Connection; className?: string }) {
  if (walls === undefined) return null;
  const isOpen = walls.kind === 'none';
  return (
    <p className={cx('flex gap-2 text-[13px]', isOpen ? 'text-wait' : 'text-ink-2', className)}>
      {isOpen ? <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" /> : null}
      <span>{t('Walls: {message}.', { message: visibleText(walls.message) })}</span>
    </p>
  );
}
