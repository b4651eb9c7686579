/** The composition root: the only file that wires everything. */
import type { Settings } from './kernel/settings.ts';

export type StartOptions = {
  /** The stage that begins now, for a person. */
  onProgress?: (line: string) => void;
  /** Where log lines go; standard error when left out. */
  logDestination?: NodeJS.WritableStream;
  /** Aborted: the start is given up, and what was started is stopped. */
  signal?: AbortSignal;
};

export type Vm = {
  url: string;
  model: { name: string; isRehearsal: boolean };
  /** The slug of the demonstration's skill, while it is there. */
  demonstration: string | undefined;
  /** A one-time link that signs the owner in. */
  signInLink(): Promise<string>;
  /** Stops everything in reverse order. Harmless when called again. */
  close(): Promise<void>;
};

export async function startVm(_settings: Settings, _options: StartOptions = {}): Promise<Vm> {
  throw new Error('not yet');
}
