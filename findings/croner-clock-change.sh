#!/usr/bin/env bash
# croner 11.0.1: where clocks go forward, one time in the gap still fires, and the same time in a list is lost.
# `0 2 28 3 *` fires when the gap ends; `0 2,14 28 3 *` fires at 14:00 alone, and `0,30 2 28 3 *` skips the whole year.
# A gap that ends at midnight (Nuuk) swallows even the single time. Where clocks go back, a list's hour fires twice, a single one once.
. "$(dirname "$0")/lib.sh"
install croner@11.0.1
run fires.mjs <<'JS'
import { Cron } from 'croner';
const fires = (pattern, timezone, from, count) => {
  const times = new Cron(pattern, { timezone, paused: true }).nextRuns(count, new Date(from));
  console.log(`${pattern.padEnd(16)} ${timezone.padEnd(17)} ${times.map((time) => time.toISOString().slice(0, 16)).join(' ')}`);
};
fires('0 2 28 3 *', 'Europe/Berlin', '2027-03-01', 1);
fires('0 2,14 28 3 *', 'Europe/Berlin', '2027-03-01', 1);
fires('0,30 2 28 3 *', 'Europe/Berlin', '2027-03-01', 1);
fires('30 23 * * 6', 'America/Nuuk', '2026-03-18', 2);
fires('30 1 7 11 *', 'America/New_York', '2027-11-01', 2);
fires('30 1,13 7 11 *', 'America/New_York', '2027-11-01', 3);
JS
sees <<'SEEN'
0 2 28 3 *       Europe/Berlin     2027-03-28T01:00
0 2,14 28 3 *    Europe/Berlin     2027-03-28T12:00
0,30 2 28 3 *    Europe/Berlin     2028-03-28T00:00
30 23 * * 6      America/Nuuk      2026-03-22T01:30 2026-04-05T00:30
30 1 7 11 *      America/New_York  2027-11-07T05:30 2028-11-07T06:30
30 1,13 7 11 *   America/New_York  2027-11-07T05:30 2027-11-07T06:30 2027-11-07T18:30
SEEN
