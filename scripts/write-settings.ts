/** Writes the table of settings into docs/operations.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withSettings } from '../src/config/settings-text.ts';
import { inRoot } from './make-once.ts';

const file = inRoot('docs/operations.md');
writeFileSync(file, withSettings(readFileSync(file, 'utf8')));
