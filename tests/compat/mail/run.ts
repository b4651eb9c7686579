/**
 * Sends notices by mail to the mail servers of Debian, each in a box of its own on the loopback, and holds what Alfred says of each against
 * what docs/mail.md has. Fails where something else is said.
 * Run by hand, as root, where the packages of Debian can be had: node tests/compat/mail/run.ts [NAME]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { newId } from '../../../src/kernel/ids.ts';
import { openOutside } from '../../../src/notices/outside.ts';
import { sendEmail } from '../../../src/notices/senders/email.ts';
import { dialTcp } from '../../../src/outbound/dial-tcp.ts';
import { Redactor } from '../../../src/vault/redact.ts';
import { tlsIdentity } from '../../helpers/tls-identity.ts';
import { type Case, startBox } from './box.ts';
import { boxes } from './boxes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'alfred-mail-'));
const known = getCACertificates('default');
try {
  for (const box of boxes.filter(({ name }) => (process.argv[2] ?? name) === name)) {
    const { given, stop } = await startBox(folder, box);
    try {
      process.stdout.write(`${box.name} ${readFileSync(path.join(given, 'version'), 'utf8')}\n`);
      for (const one of box.cases) {
        const said = await send(one);
        const isExpected = one.says.test(said);
        if (!isExpected) process.exitCode = 1;
        process.stdout.write(`  ${isExpected ? '✓' : '✗'} ${one.name}: ${said}\n`);
      }
    } finally {
      await stop();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns what the owner reads */
async function send({
  port,
  values = {},
  text = 'Die Gärtnerei war heute nicht da.',
  isTrusted = true,
}: Case) {
  setDefaultCACertificates(isTrusted ? [...known, tlsIdentity.certificate] : known);
  const signal = AbortSignal.timeout(60_000);
  const outside = openOutside({ allowPrivateNetwork: true, signal, redactor: new Redactor() });
  // The names in the cases are known to nobody else.
  const dial = () => dialTcp({ host: '127.0.0.1', port, allowPrivateNetwork: true, signal });
  const message = {
    ...{ id: newId(), at: new Date().toISOString(), title: 'Gärten & Häuser', text, links: [], body: {} },
    ...{
      page: 'https://alfred.example/executions/1',
      path: '/executions/1',
      thread: 'run-1',
      isUrgent: false,
    },
  };
  const usual = {
    host: tlsIdentity.host,
    security: 'none',
    from: 'owner@house.example',
    to: 'owner@house.example',
  };
  try {
    return await sendEmail(message, { ...usual, ...values, port: `${port}` }, { ...outside, dial });
  } catch (error) {
    return String(error);
  } finally {
    await outside.close();
  }
}
