import { expect, it } from 'vitest';
import { aboutVm } from './about-vm.ts';

const notice = { noticeId: '01a205e0-f7f5-769c-8a86-362236834e68', at: '2026-11-29T04:00:00.000Z' };
const dueSince = '2026-11-29T03:00:00.000Z';
const lastAt = '2026-11-28T03:00:12.000Z';

it('says of an overdue backup since when, from when the last one is, and why there is none', () => {
  const detail = { error: 'the disk is full', dueSince, lastAt };
  const said = aboutVm({ ...notice, event: 'backup_overdue', detail });
  expect(said).toMatchObject({ title: 'A backup is overdue', page: '/settings#backups', isUrgent: true });
  expect(said.text).toBe(
    'It was due on 2026-11-29 at 03:00 UTC. The last was made on 2026-11-28 at 03:00 UTC.\nthe disk is full',
  );
  expect(said.data.headline).toEqual(detail);
});

it('says of a VM that was never backed up that none was made yet', () => {
  const { text } = aboutVm({ ...notice, event: 'backup_overdue', detail: { dueSince, lastAt: null } });
  expect(text).toBe('It was due on 2026-11-29 at 03:00 UTC. None was made yet.');
});

it('says of a backup that failed why, and which one there is', () => {
  const { title, text } = aboutVm({
    ...notice,
    event: 'backup_failed',
    detail: { error: 'the disk is full', dueSince: null, lastAt },
  });
  expect(title).toBe('A backup failed');
  expect(text).toBe('the disk is full\nThe last was made on 2026-11-28 at 03:00 UTC.');
});
