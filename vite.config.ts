import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console. `npm start` builds it into generated/console, which the VM serves; `npx vite` serves it beside a running VM. */
export default defineConfig({
  root: fileURLToPath(new URL('console', import.meta.url)),
  plugins: [react(), tailwind()],
  build: {
    outDir: fileURLToPath(new URL('generated/console', import.meta.url)),
    emptyOutDir: true,
    // The policy of the pages allows no inline data.
    assetsInlineLimit: 0,
    target: 'baseline-widely-available',
  },
  server: { proxy: { '/api': `http://127.0.0.1:${process.env.ALFRED_PORT ?? 4280}` } },
});
