/** What was dropped or chosen as a skill, read as far as it is sent. */
import {
  fileText,
  fitFolder,
  isHidden,
  isLeftover,
  isSkillFile,
  largestFile,
  mostNames,
} from '../../src/contract/skill-folder.ts';
import { t } from '../words/t.ts';

/** What was dropped or chosen as a skill: one SKILL.md, or the files of its folder by their path in it. */
export type DroppedSkill = { text: string } | { files: Record<string, string | null> };

/**
 * Reads what was dropped. Entries must be asked for before anything is waited for: the browser forgets them.
 *
 * @throws Error in words for a person
 */
export async function readDropped(data: DataTransfer): Promise<DroppedSkill> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const [file] = data.files;
  // A file that came from no folder on disk, out of another program say, has no entry.
  if (entries.length === 0 && file) return { text: await file.text() };
  return await readEntries(entries);
}

async function readEntries([entry, ...more]: FileSystemEntry[]): Promise<DroppedSkill> {
  if (!entry || more.length > 0) throw new Error(t('Drop one SKILL.md, or one folder that holds it.'));
  if (isFile(entry)) return { text: (await textOf(entry)) ?? '' };
  // A file may be called like what every object has.
  const files: Record<string, string | null> = Object.create(null);
  await collect(entry as FileSystemDirectoryEntry, '', files);
  if (!Object.keys(files).some(isSkillFile))
    throw new Error(t('The folder “{name}” holds no SKILL.md.', { name: entry.name }));
  return { files: fitFolder(files) };
}

async function collect(
  folder: FileSystemDirectoryEntry,
  before: string,
  files: Record<string, string | null>,
): Promise<void> {
  const reader = folder.createReader();
  // It gives a hundred at a time, and nothing at the end.
  for (let entries = await readSome(reader); entries.length > 0; entries = await readSome(reader)) {
    for (const entry of entries) {
      if (isLeftover(entry.name)) continue;
      const path = `${before}${entry.name}`;
      if (isFile(entry)) files[path] = isHidden(path) ? null : await textOf(entry);
      else await collect(entry as FileSystemDirectoryEntry, `${path}/`, files);
      if (Object.keys(files).length > mostNames)
        throw new Error(t('This folder holds more than {most} files.', { most: mostNames }));
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const readSome = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));
async function textOf(entry: FileSystemFileEntry): Promise<string | null> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return file.size > largestFile ? null : fileText(new Uint8Array(await file.arrayBuffer()));
}
