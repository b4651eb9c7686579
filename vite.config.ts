import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { standingFrame } from './scripts/standing-frame.ts';
import type { Place } from './src/contract/operation.ts';

const inConsole = (name: string): string => fileURLToPath(new URL(`console/${name}`, import.meta.url));

const documents = { index: inConsole('index.html'), fleet: inConsole('fleet.html') };

/** What imports a module statically, however far away, and the module itself. */
function importersOf(
  module: string,
  context: Parameters<Rolldown.CodeSplittingNameFunction>[1],
  found = new Set<string>(),
): Set<string> {
  if (found.has(module)) return found;
  found.add(module);
  for (const importer of context.getModuleInfo(module)?.importers ?? [])
    importersOf(importer, context, found);
  return found;
}

/**
 * What the console's script has from the start is two files, of which Core's page shares the first: the fifty small ones that fall
 * out otherwise are an eighth more, as each is compressed for itself.
 */
const firstScript: Rolldown.CodeSplittingGroup[] = [
  {
    tags: ['$initial'],
    priority: 1,
    name(module, context) {
      const importers = importersOf(module, context);
      return Object.values(documents).every((each) => importers.has(each)) ? 'first-of-both' : null;
    },
  },
  {
    tags: ['$initial'],
    name: (module, context) => (importersOf(module, context).has(documents.index) ? 'first' : null),
  },
];

/** What the pages are given of the operations (src/contract/routes.ts): where each is, in lines of one text, as it comes with the first script. */
const routesAlone: Plugin = {
  name: 'routes-alone',
  load: {
    filter: { id: /\/src\/contract\/(?:core-api\/)?routes\.ts$/ },
    async handler(id) {
      const tables: [string, Record<string, Place>][] = Object.entries(await import(id));
      return tables.map(([name, table]) => `export const ${name} = ${readAtStart(table)};`).join('\n');
    },
  },
};

function readAtStart(table: Record<string, Place>): string {
  const lines = Object.entries(table).map(([name, { method, path }]) => `${name} ${method} ${path}`);
  return `Object.fromEntries(${JSON.stringify(lines.join('|'))}.split('|').map((line) => {
    const [name, method, path] = line.split(' ');
    return [name, { method, path }];
  }))`;
}

/** The console, and the page of Core that is made of its parts. `npm start` builds it into generated/console, which the VM and Core serve; `npx vite` serves it beside a running VM. */
export default defineConfig({
  root: inConsole('.'),
  plugins: [react(), tailwind(), routesAlone, standingFrame(inConsole('.'))],
  build: {
    outDir: fileURLToPath(new URL('generated/console', import.meta.url)),
    emptyOutDir: true,
    // One for both documents: the console's has it in itself.
    cssCodeSplit: false,
    // The policy of the pages allows no inline data.
    assetsInlineLimit: 0,
    // Every browser that this is built for preloads modules by itself.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: documents, output: { codeSplitting: { groups: firstScript } } },
    target: 'baseline-widely-available',
  },
  server: { proxy: { '/api/v1': `http://127.0.0.1:${process.env.ALFRED_PORT ?? 4280}` } },
});
