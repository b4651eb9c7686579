/**
 * Redaction beside a bare scan for one string, and beside one regular expression of all patterns:
 *   node bench/redaction.ts
 */

import { createHash } from 'node:crypto';
import { secretForms } from '../src/vault/redact/secret-forms.ts';
import { Redactor } from '../src/vault/redact.ts';

const mebibyte = 1024 * 1024;
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

const bare = median(() => text.includes('no-such-secret-value'));
console.log(`bare includes() of one string: ${bare.toFixed(2)} ms per MiB`);
for (const secrets of [20, 60, 500, 2000]) {
  const redactor = new Redactor();
  const patterns: string[] = [];
  for (let index = 0; index < secrets; index++) {
    const secret = createHash('sha256').update(String(index)).digest('base64url');
    redactor.register(`c.K${index}`, secret);
    patterns.push(...secretForms(secret));
  }
  const ours = median(() => redactor.text(text));
  const escaped = patterns
    .sort((a, b) => b.length - a.length)
    .map((pattern) => pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const expression = new RegExp(escaped.join('|'), 'g');
  const theirs = secrets > 500 ? Number.NaN : median(() => text.replace(expression, ''));
  console.log(
    `${secrets} secrets, ${redactor.size} forms: ${ours.toFixed(1)} ms per MiB, regular expression ${theirs.toFixed(1)} ms, ratio ${(ours / theirs).toFixed(2)}`,
  );
}
