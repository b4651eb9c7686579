import type { Finding } from '../../contract/doctor.ts';

export type { Finding };

export type Check = () => Promise<Finding>;

/** Runs a check; one that throws is itself a finding, so that the others are still made. */
export async function runCheck(id: string, check: Check): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { id, state: 'bad', message: `could not be looked at: ${why}` };
  }
}
