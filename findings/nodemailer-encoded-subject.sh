#!/usr/bin/env bash
# A subject that quotes an encoded word arrives as what the word stands for. Nodemailer encodes what is not ASCII, and passes on what looks
# encoded already; yet with one other letter anywhere behind it, the very same words arrive as they were written. A display name
# behaves likewise.
. "$(dirname "$0")/lib.sh"
install nodemailer@10.6.1 mailparser@3.14.2 postal-mime@4.0.0
run try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import nodemailer from 'nodemailer';
import PostalMime from 'postal-mime';

for (const name of ['nodemailer', 'mailparser', 'postal-mime'])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version);
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
for (const subject of [
  'What =?UTF-8?B?SGVsbG8=?= means',
  'What =?UTF-8?B?SGVsbG8=?= means, für Mara',
  '=?UTF-8?Q?two?= =?UTF-8?Q?words?=',
  'a=?UTF-8?B?SGVsbG8=?=b',
]) {
  const mail = { from: { name: subject, address: 'a@house.example' }, to: 'b@house.example', subject, text: subject };
  const { message } = await transport.sendMail(mail);
  const one = await simpleParser(message);
  const other = await PostalMime.parse(message);
  console.log(`\ngiven        ${subject}`);
  console.log(`mailparser   ${one.subject}`);
  console.log(`postal-mime  ${other.subject}`);
  console.log(`as a name    ${one.from.value[0].name}`);
  console.log(`in the text  ${one.text.trim()}`);
}
JS
sees <<'SEEN'
nodemailer 10.6.1
mailparser 3.14.2
postal-mime 4.0.0

given        What =?UTF-8?B?SGVsbG8=?= means
mailparser   What Hello means
postal-mime  What Hello means
as a name    What Hello means
in the text  What =?UTF-8?B?SGVsbG8=?= means

given        What =?UTF-8?B?SGVsbG8=?= means, für Mara
mailparser   What =?UTF-8?B?SGVsbG8=?= means, für Mara
postal-mime  What =?UTF-8?B?SGVsbG8=?= means, für Mara
as a name    What =?UTF-8?B?SGVsbG8=?= means, für Mara
in the text  What =?UTF-8?B?SGVsbG8=?= means, für Mara

given        =?UTF-8?Q?two?= =?UTF-8?Q?words?=
mailparser   twowords
postal-mime  twowords
as a name    twowords
in the text  =?UTF-8?Q?two?= =?UTF-8?Q?words?=

given        a=?UTF-8?B?SGVsbG8=?=b
mailparser   a=?UTF-8?B?SGVsbG8=?=b
postal-mime  a=?UTF-8?B?SGVsbG8=?=b
as a name    aHellob
in the text  a=?UTF-8?B?SGVsbG8=?=b
SEEN
