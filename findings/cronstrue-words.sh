#!/usr/bin/env bash
# cronstrue 3.39.0 beside croner 11.0.1: the words say "and" or "only", and the schedule fires on either.
# A day of the month and a weekday in one pattern are joined by OR, in croner as in Vixie's cron; `*/1` counts as a day that is
# named. `*/45` reads "every 45 minutes" and fires at :00 and :45, 15 and 45 minutes apart.
. "$(dirname "$0")/lib.sh"
install croner@11.0.1 cronstrue@3.39.0
run words.mjs <<'JS'
import { Cron } from 'croner';
import cronstrue from 'cronstrue';
for (const pattern of ['0 9 */1 * 1', '0 0 15 * 1-5', '0 9 1-7 * 1', '*/45 * * * *']) {
  const times = new Cron(pattern, { timezone: 'UTC', paused: true }).nextRuns(4, new Date('2026-03-10T08:00:00Z'));
  const day = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  console.log(`${pattern}: ${cronstrue.toString(pattern)}\n  ${times.map((time) => day.format(time).replace(/ at | /g, ' ')).join('; ')}`);
}
JS
sees <<'SEEN'
0 9 */1 * 1: At 09:00 AM, only on Monday
  10 Tue, 09:00; 11 Wed, 09:00; 12 Thu, 09:00; 13 Fri, 09:00
0 0 15 * 1-5: At 12:00 AM, on day 15 of the month, Monday through Friday
  11 Wed, 00:00; 12 Thu, 00:00; 13 Fri, 00:00; 15 Sun, 00:00
0 9 1-7 * 1: At 09:00 AM, between day 1 and 7 of the month, and on Monday
  16 Mon, 09:00; 23 Mon, 09:00; 30 Mon, 09:00; 1 Wed, 09:00
*/45 * * * *: Every 45 minutes
  10 Tue, 08:45; 10 Tue, 09:00; 10 Tue, 09:45; 10 Tue, 10:00
SEEN
