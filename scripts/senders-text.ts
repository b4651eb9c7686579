/** The tables of docs/senders.md, from the senders' own data and the deliveries that prove them. */
import { readFileSync } from 'node:fs';
import { listOf, placeWords } from '../src/contract/delivery-place.ts';
import { type SenderName, senderNames, senders } from '../src/contract/senders/senders.ts';
import { webhookSchemeSchema } from '../src/contract/webhook-scheme.ts';
import { provenWords, type Vector } from '../tests/senders/vector.ts';
import { inRoot } from './make-once.ts';

const byTitle = (): SenderName[] =>
  senderNames.toSorted((one, other) => senders[one].title.localeCompare(senders[other].title, 'en'));

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A row a sender: how it is proved, by what a delivery is told again, what the tests have of it. */
export function sendersText(): string {
  const vectors = JSON.parse(readFileSync(inRoot('tests/senders/vectors.json'), 'utf8')) as Vector[];
  const rows = byTitle().map((auth) => {
    const { title, also = [], know = '' } = senders[auth];
    const scheme = webhookSchemeSchema.parse(senders[auth].scheme);
    const { signature, algorithm, timestamp, id, challenge, handshake } = scheme;
    const at = listOf(signature.from).slice(0, 1).map(placeWords).join();
    const time = timestamp === undefined ? 'no' : `±${timestamp.tolerance} s`;
    const proven = vectors.filter((vector) => vector.auth === auth).map(provenWords);
    const tried =
      challenge !== undefined ? 'answered' : handshake !== undefined ? 'hands its secret over' : '';
    return [
      `${title}${also.length === 0 ? '' : ` (${also.join(', ')})`}`,
      `\`${auth}\``,
      `${algorithm === 'plain' ? 'the secret itself' : algorithm}, ${at}`,
      time,
      listOf(id).map(placeWords).join(', or ') || 'nothing',
      tried,
      [...new Set(proven)].join('; '),
      know,
    ];
  });
  return [
    '| sender | `auth` | proof | its time is checked | told again by | a trial of the address | proven: a delivery | to know |',
    `|${' --- |'.repeat(8)}`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
}

/** What is clicked at each. */
export const senderStepsText = (): string =>
  byTitle()
    .map((auth) => {
      const { title, steps, secret } = senders[auth];
      const lines = steps.map((step, index) => `${index + 1}. ${step.replaceAll('{url}', '*the address*')}`);
      return `### ${title}\n\n\`"auth": "${auth}"\`; the secret is its *${secret.name}*.\n\n${lines.join('\n')}`;
    })
    .join('\n\n');
