/** Where PostgreSQL's notifications go: every channel of the VM, and what its payload is. */
import type { Transaction } from './client.ts';

export const channels = {
  /**
   * Triggers tell of each new event, `<execution id>:<seq>`, and of messages that are new or others, `<conversation id>:0`; who saves a
   * skill tells of it, `<skill id>:0`.
   */
  executionEvents: 'alfred_execution_events',
  /** Triggers tell of tokens and sessions that are others or gone: their id, or `core` for what admits its users. */
  access: 'alfred_access',
  /** Triggers tell of new secrets and changed connections: `<table>:<name>`. */
  secrets: 'alfred_secrets',
  /** Who cancels an execution tells the worker that runs it: the execution's id. */
  cancellations: 'alfred_cancel_execution',
  /** Who adds a job tells the workers: the queue's name. */
  jobs: 'alfred_jobs',
} as const;

export type Channel = keyof typeof channels;

/** Tells whoever listens (listen.ts), once `tx` is committed. */
export async function notify(
  tx: Pick<Transaction, '$executeRaw'>,
  channel: Channel,
  payload: string,
): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${channels[channel]}, ${payload})`;
}
