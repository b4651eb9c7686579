/** Where this program is installed: the folder with package.json, the templates, the migrations and `generated/`. */
import path from 'node:path';

/** Two folders below it lies this file, and also what it is bundled into (`generated/program-…/`, scripts/build-program.ts). */
export const installation = path.resolve(import.meta.dirname, '../..');
