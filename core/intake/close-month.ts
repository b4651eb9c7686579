/** Months that close, and what a person corrects afterwards. */
import type { Correction } from '../../src/contract/fleet.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { actorOf, type Person } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { noSuchVm } from '../registry/no-such-vm.ts';
import { nobody } from './billing.ts';
import { firstDay } from './months.ts';

/**
 * Closes a month: its totals change no more. What is reported of it later, and what a person corrects, is billed with the month
 * in which that happens.
 *
 * @param month such as 2026-11
 * @throws AlfredError E_CONFLICT for one that is closed, or is not over
 */
export async function closeMonth(
  { prisma }: CoreDatabase,
  person: Person,
  month: string,
): Promise<{ month: string; closedAt: string }> {
  requireRole(person, 'close months');
  const first = firstDay(month);
  if (first >= firstDay()) {
    throw new AlfredError('E_CONFLICT', `${month} is not over yet, in UTC`, {
      remedy: 'Close it when it is.',
    });
  }
  return await prisma.$transaction(async (tx) => {
    // Reports under way are counted before; those that come wait, and find the month closed.
    await tx.$executeRaw`LOCK TABLE daily_totals, entries IN SHARE MODE`;
    if (await tx.closedMonth.findUnique({ where: { month: new Date(first) } })) {
      throw new AlfredError('E_CONFLICT', `${month} is closed already`);
    }
    const { closedAt } = await tx.closedMonth.create({
      data: { month: new Date(first), closedAt: timeNow() },
    });
    await recordAct(tx, { actor: actorOf(person), action: 'month.closed', subject: month });
    return { month, closedAt: closedAt.toISOString() };
  });
}

/** The months that are closed, the newest first, and that of the first enrolment, before which nothing is billed. */
export async function listClosedMonths({
  prisma,
}: CoreDatabase): Promise<{ items: { month: string; closedAt: string }[]; first: string | null }> {
  const rows = await prisma.closedMonth.findMany({ orderBy: { month: 'desc' } });
  const { _min } = await prisma.vm.aggregate({ _min: { createdAt: true } });
  return {
    items: rows.map(({ month, closedAt }) => ({ month: nameOf(month), closedAt: closedAt.toISOString() })),
    first: _min.createdAt === null ? null : nameOf(_min.createdAt),
  };
}

const nameOf = (time: Date): string => time.toISOString().slice(0, 7);

/**
 * Adds an entry to a VM's bill, or takes something off it: with the month of its day, and when that is closed with this one. It
 * is billed to whoever had the VM that day, as far as they are known by a report of it, and else to whoever has it.
 *
 * @throws AlfredError E_NOT_FOUND; E_VALIDATION for a day to come, and for a correction of nothing
 */
export async function correctBill(
  { prisma }: CoreDatabase,
  person: Person,
  { vmId, day, executions, durationMs, tokens, note }: Correction,
): Promise<{ id: string; billedIn: string }> {
  requireRole(person, 'correct bills');
  if (day > timeNow().toISOString().slice(0, 10)) throw wrong('/day', 'is to come');
  if (executions === 0 && durationMs === 0 && tokens === 0) throw wrong('/tokens', 'nothing is corrected');
  const id = newId();
  return await prisma.$transaction(async (tx) => {
    const vm = await tx.vm.findUnique({ where: { id: vmId } });
    if (!vm) throw noSuchVm();
    const month = firstDay(day.slice(0, 7));
    const isClosed = (await tx.closedMonth.findUnique({ where: { month: new Date(month) } })) !== null;
    const billedIn = isClosed ? firstDay() : month;
    const then = await tx.dailyTotal.findFirst({
      where: { vmId, day: { lte: new Date(day) } },
      orderBy: { day: 'desc' },
    });
    const billedTo = then?.billedTo ?? vm.ownerId ?? nobody;
    const numbers = { executions, durationMs, tokens };
    await tx.entry.create({
      data: {
        id,
        vmId,
        kind: 'correction',
        createdAt: timeNow(),
        day: new Date(day),
        billedIn: new Date(billedIn),
        billedTo,
        note,
        ...numbers,
      },
    });
    const data = { entry: id, day, note, ...numbers };
    await recordAct(tx, { actor: actorOf(person), action: 'bill.corrected', subject: vmId, data });
    return { id, billedIn: billedIn.slice(0, 7) };
  });
}

const wrong = (field: string, message: string): AlfredError =>
  new AlfredError('E_VALIDATION', 'The correction is not right', { fields: [{ field, message }] });
