/** Writes the table of settings into docs/operations.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withSettings } from '../src/config/settings-text.ts';
import { root } from './make-once.ts';

const file = `${root}/docs/operations.md`;
writeFileSync(file, withSettings(readFileSync(file, 'utf8')));
