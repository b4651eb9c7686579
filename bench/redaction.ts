/**
 * Redaction beside a bare scan for one string, and beside one regular expression of all forms. Promised are at most 60 ms per
 * MiB (docs/security.md):
 *   node bench/redaction.ts
 */

import { createHash } from 'node:crypto';
import { secretForms } from '../src/vault/redact/secret-forms.ts';
import { Redactor } from '../src/vault/redact.ts';

const mebibyte = 1024 * 1024;
const chunk = 256;
const line =
  '{"role":"assistant","content":[{"type":"text","text":"The tool said: 42 files, none changed since Monday."}]}\n';
const text = line.repeat(Math.ceil(mebibyte / line.length)).slice(0, mebibyte);

function median(work: () => unknown): number {
  const times = Array.from({ length: 11 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[5] ?? Number.NaN;
}

// The first passes compile the code.
for (let pass = 0; pass < 5; pass++) new Redactor().text(text);

const absent = 'no-such-secret-value';
console.log(`bare indexOf of one string:    ${median(() => text.indexOf(absent)).toFixed(2)} ms per MiB`);
console.log(
  `bare replaceAll of one string: ${median(() => text.replaceAll(absent, '')).toFixed(2)} ms per MiB`,
);
for (const secrets of [20, 60, 500, 2000]) {
  const redactor = new Redactor();
  const patterns: string[] = [];
  for (let index = 0; index < secrets; index++) {
    const secret = createHash('sha256').update(String(index)).digest('base64url');
    redactor.register(`c.K${index}`, secret);
    patterns.push(...secretForms(secret));
  }
  const ours = median(() => redactor.text(text));
  const chunked = median(() => {
    const stream = redactor.stream();
    for (let at = 0; at < text.length; at += chunk) stream.push(text.slice(at, at + chunk));
    stream.end();
  });
  // A secret in every line, as when a tool prints its environment over and over.
  const dense = text.replaceAll('42 files', patterns[0] ?? '').slice(0, mebibyte);
  const replacing = median(() => redactor.text(dense));
  // As mail and PEM have it: every line is joined with the next, and searched.
  const base64 = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n').slice(0, mebibyte);
  const joining = median(() => redactor.text(base64));
  console.log(
    `${secrets} secrets, ${redactor.size} forms: ${ours.toFixed(1)} ms per MiB; in chunks of ${chunk} ${chunked.toFixed(1)}; with a secret in each line ${replacing.toFixed(1)}; of base64 in lines ${joining.toFixed(1)}`,
  );
  if (secrets > 500) continue; // the expression becomes too large to be compiled in reasonable time
  const escaped = patterns
    .sort((a, b) => b.length - a.length)
    .map((pattern) => pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const expression = new RegExp(escaped.join('|'), 'g');
  const theirs = median(() => text.replace(expression, ''));
  console.log(
    `  one regular expression of all forms: ${theirs.toFixed(1)}, ours to it ${(ours / theirs).toFixed(2)}`,
  );
}
