#!/usr/bin/env bash
# A mail is of the moment at which it is read. Where the Date of a mail names its zone by a word (CEST) or a military letter, which is to be read as
# -0000 (RFC 5322, section 4.3), mailparser's `date` is the time of this machine, another one at each reading; where there is no Date at all
# it is undefined. postal-mime gives the text as it stands.
. "$(dirname "$0")/lib.sh"
install mailparser@3.14.2 postal-mime@4.0.0
run try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';

for (const name of ['mailparser', 'postal-mime'])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version);
for (const date of [
  'Mon, 6 May 2019 10:00:00 +0200',
  'Mon, 6 May 2019 10:00:00 CEST',
  'Mon, 6 May 2019 10:00:00 A',
  'Mon, 6 May 2019 10:00:00 PDT',
  undefined,
]) {
  const head = ['From: a@house.example', 'To: b@house.example', 'Subject: x'];
  const mail = [...head, ...(date ? [`Date: ${date}`] : []), '', 'x', ''].join('\r\n');
  const read = (await simpleParser(mail)).date;
  const isNow = read && Math.abs(Date.now() - read) < 60_000;
  console.log(`\nDate         ${date}`);
  console.log(`mailparser   ${isNow ? 'the time at which it is read' : read?.toISOString()}`);
  console.log(`postal-mime  ${(await PostalMime.parse(mail)).date}`);
}
JS
sees <<'SEEN'
mailparser 3.14.2
postal-mime 4.0.0

Date         Mon, 6 May 2019 10:00:00 +0200
mailparser   2019-05-06T08:00:00.000Z
postal-mime  2019-05-06T08:00:00.000Z

Date         Mon, 6 May 2019 10:00:00 CEST
mailparser   the time at which it is read
postal-mime  Mon, 6 May 2019 10:00:00 CEST

Date         Mon, 6 May 2019 10:00:00 A
mailparser   the time at which it is read
postal-mime  Mon, 6 May 2019 10:00:00 A

Date         Mon, 6 May 2019 10:00:00 PDT
mailparser   2019-05-06T17:00:00.000Z
postal-mime  2019-05-06T17:00:00.000Z

Date         undefined
mailparser   undefined
postal-mime  undefined
SEEN
