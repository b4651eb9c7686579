/** The store that a command line names with `s3://`: by its options, the environment, the home, or a person who is asked. */
import type { Command } from 'commander';
import type { StoreSettings } from '../backup/s3-client.ts';
import type { Context } from './context.ts';
import { usageProblem } from './problem.ts';
import { askSecret, askText } from './prompts.ts';

export type StoreOptions = { endpoint?: string; region?: string };

/** Of every command that a store may be named in. */
export const addStoreOptions = (command: Command): Command =>
  command
    .option('--endpoint <url>', 'of s3://…: the address of the store, when it is not the one that is set')
    .option('--region <name>', 'of s3://…: its region');

/** The variables that other programs read as well: whoever has set them for those need not do it again. */
function fromEnvironment({ env }: Context) {
  return {
    endpoint: env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL,
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    keyId: env.AWS_ACCESS_KEY_ID,
    secretKey: env.AWS_SECRET_ACCESS_KEY,
  };
}

/** Whether the command line itself says which store it means: then the home is not asked. */
export const namesStore = (context: Context, options: StoreOptions): boolean =>
  options.endpoint !== undefined || fromEnvironment(context).keyId !== undefined;

/**
 * @param stored what the home has, where it was asked
 * @throws CliProblem naming what is missing where nobody can be asked
 */
export async function storeFor(
  context: Context,
  options: StoreOptions,
  stored: StoreSettings | undefined,
): Promise<StoreSettings> {
  if (stored && !namesStore(context, options)) return stored;
  const given = fromEnvironment(context);
  const endpoint = options.endpoint ?? given.endpoint;
  await checkEndpoint(endpoint);
  const region = options.region ?? given.region ?? 'us-east-1';
  // Who names it here and now has said that it may be in a network of one's own.
  const rest = { endpoint, region, pathStyle: true, allowPrivateNetwork: true };
  const { keyId, secretKey } = given;
  if (keyId !== undefined && secretKey !== undefined) return { ...rest, keyId, secretKey };
  if (!context.canAsk) {
    throw usageProblem(
      'Which key opens the store is not known here, and nobody can be asked',
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and name it with --endpoint and --region',
    );
  }
  return {
    ...rest,
    keyId: keyId ?? (await askText(context, `the id of a key of ${endpoint ?? `Amazon S3 in ${region}`}`)),
    secretKey: await askSecret(context, 'the secret of that key'),
  };
}

async function checkEndpoint(endpoint: string | undefined): Promise<void> {
  if (endpoint === undefined) return;
  const { baseUrl } = await import('../config/values.ts');
  const read = baseUrl.safeParse(endpoint);
  if (!read.success) {
    throw usageProblem(
      `The store’s address is not right: ${read.error.issues[0]?.message}`,
      'write --endpoint https://…',
    );
  }
}
