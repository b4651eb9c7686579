/** Who saved a version of a skill, and how: in the reader's words. */
import type { SkillVersion, Token } from '../api/queries.ts';
import { t } from '../words/t.ts';

/** How notes of versions begin or read, which the VM writes in English (src/skills, src/chat/proposals). */
const notes: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^taught: proposal /, () => t('taught')],
  [/^imported from SKILL\.md$/, () => t('imported from a SKILL.md')],
  [/^from the template /, () => t('made from a template')],
  [/^ships with Alfred$/, () => t('comes with Alfred')],
  [
    /^restored from version (\d+)$/,
    ([, version]) => t('back to version {version}', { version: version ?? '' }),
  ],
  [
    /^the connection (.+) is called (.+)$/,
    ([, from, to]) => t('a connection was renamed: {from} is {to}', { from: from ?? '', to: to ?? '' }),
  ],
];

/** What was done, and by whom: “taught, by you”. @param tokens of this VM, to name the one that did it */
export function savedWords(
  { version, note, createdBy }: Pick<SkillVersion, 'version' | 'note' | 'createdBy'>,
  tokens: readonly Pick<Token, 'id' | 'name'>[] = [],
): string {
  return t('{what}, by {who}', { what: whatIn(version, note), who: whoIs(createdBy, tokens) });
}

function whatIn(version: number, note: string | null): string {
  if (note === null || note === '') return version === 1 ? t('made') : t('changed');
  for (const [form, words] of notes) {
    const found = form.exec(note);
    if (found) return words(found);
  }
  return note;
}

function whoIs(actor: string, tokens: readonly Pick<Token, 'id' | 'name'>[]): string {
  const [kind, id] = actor.split(':', 2);
  switch (kind) {
    case 'owner':
      return t('you');
    case 'system':
      return t('Alfred itself');
    case 'token': {
      const name = tokens.find((token) => token.id === id)?.name;
      return name === undefined
        ? t('an access token that is gone')
        : t('the access token “{name}”', { name });
    }
    case 'app':
      return t('an app that you let in');
    case 'core':
      return t('somebody who came by Core');
    default:
      return actor;
  }
}
