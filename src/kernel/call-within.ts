import vm from 'node:vm';

const script = new vm.Script('work()');
let realm: { work: (() => unknown) | undefined } | undefined;

/**
 * Calls `work`, which must not wait for anything, and gives it up when it takes too long: V8 ends even a regular expression
 * that backtracks without end. It costs a thread for each call, some 0.1 ms.
 *
 * @returns what `work` returned, or `tooLong`
 */
export function callWithin<T>(ms: number, work: () => T): T | typeof tooLong {
  realm ??= vm.createContext({ work: undefined }) as { work: undefined };
  realm.work = work;
  try {
    return script.runInContext(realm, { timeout: ms }) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return tooLong;
    throw error;
  } finally {
    realm.work = undefined;
  }
}

export const tooLong = Symbol('took too long');
