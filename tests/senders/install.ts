/** The libraries of the senders themselves, pinned, in a folder of their own: none of them is a dependency of Alfred's. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const libraries = {
  '@hubspot/api-client': '14.0.1',
  '@line/bot-sdk': '11.2.0',
  '@linear/sdk': '98.0.0',
  '@mux/mux-node': '15.3.0',
  '@notionhq/client': '5.26.0',
  '@octokit/webhooks-methods': '6.0.0',
  '@paddle/paddle-node-sdk': '3.10.0',
  '@sanity/webhook': '4.0.4',
  '@sendgrid/eventwebhook': '8.0.0',
  '@shopify/shopify-api': '15.0.0',
  '@slack/bolt': '5.1.0',
  '@workos-inc/node': '11.0.0',
  '@zoom/rivet': '0.4.0',
  'discord-interactions': '4.4.0',
  'gocardless-nodejs': '10.1.2',
  grammy: '1.46.0',
  openai: '7.59.0',
  pusher: '5.3.4',
  razorpay: '2.9.8',
  square: '46.0.0',
  standardwebhooks: '1.1.1',
  stripe: '23.1.0',
  svix: '2.5.0',
  twilio: '6.3.1',
  'twitter-autohook': '1.7.2',
} as const;

export type Library = keyof typeof libraries;

/** Loads a library of `folder`; its parts have the types that whoever asks gives them. */
export type Load = <Module>(name: Library, inside?: string) => Promise<Module>;

/** Installs what is not there yet, without running anything of theirs. @returns what loads them */
export function install(folder: string): Load {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'package.json');
  writeFileSync(file, JSON.stringify({ private: true, dependencies: libraries }));
  if (!existsSync(path.join(folder, 'node_modules', 'twilio'))) {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  // A module is looked for from where the import stands.
  const loader = path.join(folder, 'load.mjs');
  writeFileSync(loader, 'export const load = (name) => import(name);');
  return async <Module>(name: Library, inside = ''): Promise<Module> => {
    const { load } = (await import(pathToFileURL(loader).href)) as { load(name: string): Promise<object> };
    const module: { default?: unknown } = await load(`${name}${inside}`);
    // What a CommonJS module exports stands in its default too.
    return (typeof module.default === 'object' ? { ...module.default, ...module } : module) as Module;
  };
}

/** "stripe 23.1.0" */
export const named = (name: Library): string => `${name} ${libraries[name]}`;
