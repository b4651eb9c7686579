/** What the catalogue of connections asks of its owner. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { blanksOf, filled } from '../console/connections/blanks.ts';
import { catalogue } from '../console/connections/catalogue.ts';
import { splitCommands } from '../src/connections/import/shell-words.ts';

const text = (name: string): string =>
  catalogue.flatMap(({ entries }) => entries).find((entry) => entry.name === name)?.text ?? '';

it('asks for folders, files, machines and addresses, each by its name', () => {
  const labels = (name: string) => blanksOf(text(name)).map(({ label }) => label);
  expect(labels('Files')).toEqual(['Folder']);
  expect(labels('Memory')).toEqual(['File']);
  expect(labels('Kubernetes')).toEqual(['File']);
  expect(labels('Another machine')).toEqual(['Machine']);
  expect(labels('Grafana')).toEqual(['Address']);
  expect(labels('Sonarr and Radarr')).toEqual(['Address of Sonarr', 'Address of Radarr']);
  expect(labels('Notion')).toEqual([]);
});

it('writes what was filled in so that it is read as it was typed', () => {
  const folder = "/srv/Ada's papers $HOME";
  const line = filled(text('Files'), { '/home/me/Documents': ` ${folder} ` });
  expect(splitCommands(line)[0]?.words.at(-1)).toBe(folder);
  const file = 'C:\\notes "new".jsonl';
  const json = filled(text('Memory'), { '/home/me/alfred-memory.jsonl': file });
  expect(JSON.parse(json).mcpServers.memory.env).toEqual({ MEMORY_FILE_PATH: file });
});

it('leaves what is empty as it was, and takes no value of an object for one that was typed', () => {
  expect(filled(text('Files'), { '/home/me/Documents': ' ' })).toBe(text('Files'));
  expect(filled(text('Files'), {})).toBe(text('Files'));
});
