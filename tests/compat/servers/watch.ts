/**
 * Loaded into a server before its own code (`node --import`): notes every host that it looks up, and lets its day be another
 * one. What it does stays as it is.
 */
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';

const { WATCHED_HOSTS: file = '', WATCHED_DAYS: days = '0' } = process.env;

const { lookup } = dns;
const noted = (host: string, ...rest: [never, never]) => {
  appendFileSync(file, `${host}\n`);
  return lookup(host, ...rest);
};
dns.lookup = Object.assign(noted, lookup) as typeof dns.lookup;

const Real = Date;
const shift = Number(days) * 86_400_000;
globalThis.Date = class extends Real {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [Real.now() + shift] : given) as [number]));
  }
  static override now = () => Real.now() + shift;
} as DateConstructor;
