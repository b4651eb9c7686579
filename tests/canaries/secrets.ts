/**
 * A text of its own for every place where a secret can enter; places.ts has how each gets there. Secrets that the VM or Core makes up
 * (the vault's keys, what a VM is known to Core by, the key of notices to browsers, codes, tokens, cookies) are found where they are
 * made: search.ts. A passkey is no secret here: the VM has its public half alone.
 */
import { formsOf } from '../helpers/canary-forms.ts';

/** In every secret, and in nothing else. */
export const mark = 'kanarienvogel';
/** In everything private that is no secret: it is in the database and goes to the model, and nowhere else. */
export const privateMark = 'hausgeheimnis';

const hookSecret = (name: string) => `whsec_${Buffer.from(`${mark}-${name}-0123456789`).toString('base64')}`;

export const secrets = {
  'the environment of the first start': `sk-ant-${mark}-environment`,
  'the headers for a collector of traces': `Bearer ${mark}-traces`,
  'the root key': `${mark}-root-key-0123456789`.padEnd(32, '.').slice(0, 32),
  'a setting': `${mark}-setting "ä\\+/=&<?`,
  'standard input of the command line': `${mark}-typed`,
  'the key of a store of backups': `${mark}-store`,
  'the address of notices to programs': `${mark}-notice-address`,
  'the secret of notices to programs': hookSecret('notices'),
  'the address of a browser’s push service': `${mark}-push-address`,
  'what a browser shares with who sends it notices': Buffer.from(`${mark}-push`).toString('base64url'),
  'the password of a mail server': `${mark}-mail "ü\\`,
  'the topic of ntfy': `${mark}-ntfy-topic`,
  'the token of ntfy': `tk_${mark}-ntfy`,
  'the token of a bot of Telegram': `123456789:${mark}-telegram-0123456789`,
  'the address of a webhook of Slack': `${mark}-slack`,
  'the address of a webhook of Discord': `${mark}-discord`,
  'a variable of a program': `${mark}-variable "ö\\`,
  'a header of a server': `Bearer ${mark}-header`,
  'a part of the address of a server': `${mark}-in-address`,
  'the login of an API': `${mark}-client`,
  'the token of an API': `${mark}-bearer`,
  'the password of an API': `${mark}-basic`,
  'a header of an API': `${mark}-api-header`,
  'a key in the query of an API': `${mark}-query`,
  'what another program has set up': `${mark}-imported`,
  'a webhook': hookSecret('hook'),
  'a token that an API issued': `${mark}-issued`,
  'the token of a sign-in': `${mark}-signed-in`,
  'what renews a sign-in': `${mark}-renews`,
  'the password of its owner': `${mark} is a sentence that signs in`,
  'the passphrase of a backup': `${mark} passphrase of a backup`,
} as const;

export type PlaceName = keyof typeof secrets;

/** What a VM cannot know, or not in this form, is said by nobody else. The root key is text in base64 alone. */
const sayable = Object.entries(secrets)
  .filter(([place]) => !['the passphrase of a backup', 'the password of its owner'].includes(place))
  .map(([place, secret]) => (place === 'the root key' ? Buffer.from(secret).toString('base64') : secret));

/** Each secret in each of its forms, as a model or a tool might say it that knew them. */
export const spread = sayable
  .flatMap((secret) => [...formsOf(secret)].filter(([form]) => !/UTF|every|escapes/.test(form)))
  .map(([, bytes]) => bytes.toString())
  .join(' ');
