#!/usr/bin/env bash
# @sparticuz/chromium 153.0.0: the browser that is unpacked once into the temporary folder is used for good, whatever version
# put it there. After an update of the package `executablePath()` gives the older browser, and nothing says so.
. "$(dirname "$0")/lib.sh"
install @sparticuz/chromium@153.0.0 older@npm:@sparticuz/chromium@149.0.0
mkdir tmp
export TMPDIR=$folder/tmp
run browser.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import newer from '@sparticuz/chromium';
import older from 'older';
const version = (file) => execFileSync(file, ['--version'], { encoding: 'utf8' }).trim().split('.')[0];
const first = await older.executablePath();
console.log(`older package: ${version(first)}`);
const second = await newer.executablePath();
console.log(`newer package, the same folder: ${version(second)}`);
rmSync(first);
console.log(`newer package, an empty folder: ${version(await newer.executablePath())}`);
JS
sees <<'SEEN'
older package: Chromium 149
newer package, the same folder: Chromium 149
newer package, an empty folder: Chromium 153
SEEN
