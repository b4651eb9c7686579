/** One finding of `alfred doctor`. */
export type Finding = {
  /** What was looked at, in a word or two. */
  name: string;
  state: 'good' | 'warn' | 'bad';
  /** What was found, for a person. */
  message: string;
  remedy?: string;
};

export type Check = () => Promise<Finding>;

/** Runs a check; one that throws is itself a finding, so that the others are still made. */
export async function runCheck(name: string, check: Check): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, state: 'bad', message: `could not be looked at: ${why}` };
  }
}
