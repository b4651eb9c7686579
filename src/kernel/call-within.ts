import vm from 'node:vm';

const script = new vm.Script('work()');
let realm: { work: (() => unknown) | undefined } | undefined;

/** How often it is tried on a machine that is too busy to let it work. */
const attempts = 8;

/**
 * Calls `work`, which must not wait for anything, and gives it up when it takes too long: V8 ends even a regular expression
 * that backtracks without end. It costs a thread for each call, some 0.1 ms.
 *
 * Where the time went by while others had the processor, `work` has not taken it, and is called again.
 *
 * @param ms how long it may take, in milliseconds; eight times that on a machine that is too busy
 * @returns what `work` returned, or `tooLong`
 */
export function callWithin<T>(ms: number, work: () => T): T | typeof tooLong {
  realm ??= vm.createContext({ work: undefined }) as { work: undefined };
  realm.work = work;
  const began = threadMs();
  try {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        return script.runInContext(realm, { timeout: ms }) as T;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        if (threadMs() - began >= ms / 2) return tooLong;
      }
    }
    return tooLong;
  } finally {
    realm.work = undefined;
  }
}

/** What this thread has had of the processor, in milliseconds. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export const tooLong = Symbol('took too long');
