/** What stands open in a config and looks like a secret, for a warning: a config given by hand is kept as it was given. */
import type { SecretInput } from '../../contract/common.ts';
import { liftFromAddress } from './lift-address.ts';
import { liftFromArguments } from './lift-arguments.ts';
import { isOrdinary, isPath, keysIn, looksLikeKey, looksRandom, namesSecret } from './looks-secret.ts';
import { isPlaceholder } from './placeholders.ts';

/** The warning for a command with a key in its words or in values that were given as `{plain}`; none where nothing shows. */
export function openInCommand(words: readonly string[], env: Record<string, SecretInput>): string[] {
  const { secrets } = liftFromArguments(words);
  return [
    ...openValues('env', env),
    ...(secrets.size === 0
      ? []
      : [
          `The command holds what looks like a secret (${[...secrets.keys()].join(', ')}), stored and shown in the open: write \${NAME} in its place and give the value as "secrets": {"NAME": …}, or in "env" if the server takes it there.`,
        ]),
  ];
}

/** The same for addresses and headers. */
export function openInAddresses(
  addresses: Readonly<Record<string, string | undefined>>,
  headers: Record<string, SecretInput>,
): string[] {
  const open = Object.entries(addresses).flatMap(([place, address]) =>
    address !== undefined && URL.canParse(address) && liftFromAddress(address).secrets.size > 0
      ? [place]
      : [],
  );
  return [
    ...openValues('headers', headers),
    ...open.map(
      (place) =>
        `"${place}" holds what looks like a secret, stored and shown in the open: write \${NAME} in its place and give the value as "secrets": {"NAME": …}.`,
    ),
  ];
}

function openValues(part: string, values: Record<string, SecretInput>): string[] {
  const open = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'object' && looksSecret(name, value.plain) ? [name] : [],
  );
  return open.length === 0
    ? []
    : [
        `${open.join(', ')} of "${part}" looks like a secret and is given as {"plain": …}, stored and shown in the open: give it as a bare text, and it is sealed.`,
      ];
}

/** Whoever says that a value is plain has looked at it: what is warned of is a key by its looks or by its name. */
const looksSecret = (name: string, value: string): boolean =>
  looksLikeKey(value) ||
  keysIn(value).length > 0 ||
  (namesSecret(name) && value !== '' && !isOrdinary(value) && !isPath(value) && !isPlaceholder(value)) ||
  (!/\s/.test(value) && looksRandom(value) && !/(?:^|_)(?:ID|HASH|SHA|DIGEST|VERSION)$/i.test(name));
