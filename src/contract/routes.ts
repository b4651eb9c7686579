/**
 * Where each operation is, by its name, and nothing else of it. Of this module the console's pages are given the table alone
 * (vite.config.ts): the shapes would be most of what they load.
 */
import { placesOf } from './operation.ts';
import { operations } from './operations.ts';

export const routes = placesOf(operations);
