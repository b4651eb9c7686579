/**
 * Every server carries marks in its environment, and hands them on to whatever it starts: by them a process that
 * left its group is still found, and so is one that a killed VM left behind.
 */
import { realpathSync } from 'node:fs';
import { sha256 } from '../kernel/hash.ts';

/** Which VM a process belongs to. */
export const homeMark = 'ALFRED_VM_HOME';
/** Which worker of that VM started it: several may work on one home. */
export const ownerMark = 'ALFRED_WORKER';
/** Which start of which server it belongs to. */
export const runMark = 'ALFRED_RUN';

/** The value of the home's mark: a hash, so that the path itself is not handed to every server. */
export const markOfHome = (home: string): string => sha256(realpathSync(home)).toString('hex');
