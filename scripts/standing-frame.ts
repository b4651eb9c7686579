/**
 * Puts into the console's document what it shows before its script has come: its styles, its frame (console/layout/frame-markup.tsx), and
 * the few lines that show it (console/layout/stand-frame.ts). The server allows the browser exactly these (src/web/inline-hashes.ts).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin, type Rolldown, runnerImport } from 'vite';

/** What `import('../console/layout/frame-markup.tsx')` gives: Vite reads it, and the compiler of these files does not. */
type Frame = { frameMarkup(): string; lostMarkup(): string; greetings: string[] };

/** @param root the folder of the console's sources */
export function standingFrame(root: string): Plugin {
  return {
    name: 'standing-frame',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle = {}, filename }) {
        if (path.basename(filename) !== 'index.html') return html;
        const { markup, early } = await drawFrame(root);
        const font = fontIn(bundle);
        const scripts = [...html.matchAll(/<script type="module" crossorigin src="([^"]+)"><\/script>\s*/g)];
        return scripts
          .reduce((text, [tag]) => text.replace(tag, ''), html)
          .replace('<html ', `<html data-scripts="${scripts.map(([, src]) => src).join(' ')}" `)
          .replace('<title>', `${early}<title>`)
          .replace(
            /<link rel="stylesheet"[^>]*href="\/([^"]+)">/,
            (_, name) => `${font}<style>${textOf(bundle, name)}</style>`,
          )
          .replace('<div id="root"></div>', (place) => `${place}${markup}`);
      },
    },
  };
}

function textOf(bundle: Rolldown.OutputBundle, name: string): string {
  const file = bundle[name];
  if (file?.type !== 'asset') throw new Error(`The build has no ${name}`);
  return String(file.source).trim();
}

/** The letters of nearly every word: asked for beside the script. */
function fontIn(bundle: Rolldown.OutputBundle): string {
  const name = Object.keys(bundle).find((each) => /\/geist-latin-wght-normal-[^/]*\.woff2$/.test(each));
  if (name === undefined) throw new Error('The build has no letters');
  return `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${name}">`;
}

/** What stands in the body, and what stands before everything. */
async function drawFrame(root: string): Promise<{ markup: string; early: string }> {
  const inRoot = (name: string) => path.join(root, name);
  const { module } = await runnerImport<Frame>(inRoot('layout/frame-markup.tsx'), {
    ...{ configFile: false, root, logLevel: 'error' },
    plugins: [],
  });
  const markup = module.frameMarkup();
  const lost = module.lostMarkup();
  const words = {
    greetings: module.greetings,
    catalogs: { de: saidIn(markup + lost, module.greetings, inRoot('words/de.json')) },
  };
  const scriptOf = async (name: string) => `<script>${await bundled(inRoot(name), words)}</script>`;
  return {
    markup: `<template>${markup}</template><template data-lost>${lost}</template>${await scriptOf('layout/stand-frame.ts')}`,
    early: await scriptOf('layout/slow-start.ts'),
  };
}

/** What a language says instead of the texts of the frame. */
function saidIn(markup: string, greetings: readonly string[], catalog: string): Record<string, string> {
  const all = JSON.parse(readFileSync(catalog, 'utf8')) as Record<string, string>;
  const texts = [...markup.matchAll(/>([^<]+)<|aria-label="([^"]+)"/g)].map(([, text, label]) =>
    (text ?? label ?? '').trim(),
  );
  return Object.fromEntries(
    [...new Set([...texts, ...greetings])].flatMap((text) =>
      all[text] === undefined ? [] : [[text, all[text]]],
    ),
  );
}

async function bundled(entry: string, frameWords: unknown): Promise<string> {
  const made = await build({
    ...{ configFile: false, logLevel: 'error' },
    define: { frameWords: JSON.stringify(frameWords) },
    build: {
      write: false,
      minify: true,
      lib: { entry, formats: ['iife'], name: 'frame' },
      target: 'baseline-widely-available',
    },
  });
  const [output] = Array.isArray(made) ? made : [made];
  if (output === undefined || !('output' in output)) throw new Error('The frame was not built');
  const { code } = output.output[0];
  // It would end there.
  if (/<\/?script|<!--/i.test(code)) throw new Error('The script of the frame names a script');
  return code.trim();
}
