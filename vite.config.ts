import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const inConsole = (name: string): string => fileURLToPath(new URL(`console/${name}`, import.meta.url));

/** The console, and the page of Core that is made of its parts. `npm start` builds it into generated/console, which the VM and Core serve; `npx vite` serves it beside a running VM. */
export default defineConfig({
  root: inConsole('.'),
  plugins: [react(), tailwind()],
  build: {
    outDir: fileURLToPath(new URL('generated/console', import.meta.url)),
    emptyOutDir: true,
    // The policy of the pages allows no inline data.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: inConsole('index.html'), fleet: inConsole('fleet.html') } },
    target: 'baseline-widely-available',
  },
  server: { proxy: { '/api/v1': `http://127.0.0.1:${process.env.ALFRED_PORT ?? 4280}` } },
});
