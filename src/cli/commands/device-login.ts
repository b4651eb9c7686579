/** A sign-in by a code that is entered on another device: shows it, and waits until it was entered. */
import type { Connection } from '../../contract/connections.ts';
import type { BeginDeviceLogin, DeviceLogin } from '../../contract/logins.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { isCliProblem, refusedProblem } from '../problem.ts';
import { clean } from '../render/text.ts';

/** The VM asks by itself; this looks at what it has heard. */
const lookEveryMs = 1_000;

export async function byDevice(context: Context, name: string, wish: BeginDeviceLogin): Promise<Connection> {
  const api = await context.api();
  const begun = await api.beginDeviceLogin({ params: { name }, body: wish });
  invite(context, begun);
  const stop = new AbortController();
  const forget = context.onInterrupt(() => stop.abort());
  try {
    for (let now: DeviceLogin | undefined = begun; now !== undefined; ) {
      if (now.state !== 'waiting') throw refusedProblem(`nobody is signed in: ${now.why ?? now.state}`);
      await pause(lookEveryMs, stop.signal);
      if (stop.signal.aborted) {
        await api.cancelDeviceLogin({ params: { name } });
        throw refusedProblem('stopped, nobody is signed in');
      }
      now = await look(api, name, now);
    }
  } finally {
    forget();
  }
  return api.getConnection({ params: { name } });
}

/** @returns undefined when it is no more: it was finished, or forgotten */
async function look(api: Api, name: string, before: DeviceLogin): Promise<DeviceLogin | undefined> {
  try {
    return await api.getDeviceLogin({ params: { name } });
  } catch (error) {
    if (isCliProblem(error, 'E_NOT_FOUND')) return undefined;
    // A VM that starts again goes on where it was.
    if (isCliProblem(error, 'E_NOT_RUNNING') && Date.parse(before.expiresAt) > Date.now()) return before;
    throw error;
  }
}

function invite(context: Context, device: DeviceLogin): void {
  const { verificationUri, userCode, issuer, scope, expiresAt, verificationUriComplete } = device;
  const { err } = context;
  // Needed even where nothing else is said: without it nobody can sign in.
  context.stderr.write(
    `on any device, open\n\n  ${clean(verificationUri)}\n\nand enter the code\n\n  ${err.bold(clean(userCode))}\n\n`,
  );
  if (verificationUriComplete !== null)
    context.note(err.dim(`  or open this, with the code in it: ${clean(verificationUriComplete)}`));
  context.note(
    err.dim(`  with ${clean(issuer)}${scope === null ? '' : `, which is asked for: ${clean(scope)}`}`),
  );
  context.note(err.dim(`  until ${expiresAt.slice(11, 16)} UTC; waiting …`));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
